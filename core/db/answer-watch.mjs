// What the shared session answers, in PostgreSQL's wire protocol: a letter, a length that counts itself and what follows, the rest.
const NOTIFICATION = 'A'.charCodeAt(0);
const ERROR = 'E'.charCodeAt(0);
const HEADER_BYTES = 5;
/** The field of an error that holds its SQLSTATE, and the SQLSTATE for a full disk, ended by a zero. */
const DISK_FULL_FIELD = '\0C53100\0';

/**
 * Picks the notifications out of what the shared session answers, and notices an error that says that the disk is full.
 * PostgreSQL sends notifications to the connection whose statement raised them, for it knows of one only; they belong to
 * every connection that listens. Answers come in pieces of any size, whatever message they cut.
 */
export class AnswerWatch {
  #rest = Buffer.alloc(0);
  /** Bytes of a message of another kind that are yet to come. */
  #skip = 0;
  #notifications = [];
  #isDiskFull = false;

  /** Takes the next piece of an answer. */
  read(piece) {
    let data = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    if (this.#rest.length > 0) data = Buffer.concat([this.#rest, data]);
    let at = this.#skip;
    while (at + HEADER_BYTES <= data.length) {
      const end = at + 1 + data.readUInt32BE(at + 1);
      if (data[at] === NOTIFICATION || data[at] === ERROR) {
        if (end > data.length) break;
        this.#take(data.subarray(at, end));
      }
      at = end;
    }
    this.#skip = Math.max(0, at - data.length);
    this.#rest = at < data.length ? Buffer.from(data.subarray(at)) : Buffer.alloc(0);
  }

  #take(message) {
    if (message[0] === NOTIFICATION) this.#notifications.push(Buffer.from(message));
    else if (message.includes(DISK_FULL_FIELD)) this.#isDiskFull = true;
  }

  /** The whole notifications since the last call. */
  takeNotifications() {
    return this.#notifications.splice(0);
  }

  /** Whether an error since the last call said that the disk is full. */
  takeDiskFull() {
    const isDiskFull = this.#isDiskFull;
    this.#isDiskFull = false;
    return isDiskFull;
  }
}
