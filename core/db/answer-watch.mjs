// A message of PostgreSQL's wire protocol: a letter, a length that includes its own four bytes, and the content.
const NOTIFICATION = 'A'.charCodeAt(0);
const ERROR = 'E'.charCodeAt(0);
const HEADER_BYTES = 5;
/** The field of an error with its SQLSTATE, here that of a full disk, ended by a zero. */
const DISK_FULL_FIELD = '\0C53100\0';

/**
 * Extracts the notifications from the answers of the shared session, and detects the error for a full disk. PostgreSQL
 * knows only one connection and sends notifications to the one whose statement raised them; they belong to every
 * connection that listens. Answers arrive in pieces of any size, which may split a message.
 */
export class AnswerWatch {
  #rest = Buffer.alloc(0);
  /** The number of bytes still to come of a message of another kind. */
  #skip = 0;
  #notifications = [];
  #isDiskFull = false;

  /** Reads the next piece of an answer. */
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

  /** Returns the complete notifications since the last call. */
  takeNotifications() {
    return this.#notifications.splice(0);
  }

  /** Returns whether there was an error for a full disk since the last call. */
  takeDiskFull() {
    const isDiskFull = this.#isDiskFull;
    this.#isDiskFull = false;
    return isDiskFull;
  }
}
