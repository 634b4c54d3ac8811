// NotificationResponse of PostgreSQL's wire protocol: 'A', a length that counts itself and what follows, the rest.
const NOTIFICATION = 'A'.charCodeAt(0);
const HEADER_BYTES = 5;

/**
 * Picks the notifications out of what the shared session answers. PostgreSQL sends them to the connection whose
 * statement raised them, for it knows of one only; they belong to every connection that listens.
 * Answers come in pieces of any size, whatever message they cut.
 */
export class NotificationRelay {
  #rest = Buffer.alloc(0);
  /** Bytes of a message of another kind that are yet to come. */
  #skip = 0;
  #found = [];

  /** Takes the next piece of an answer. */
  read(piece) {
    let data = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    if (this.#rest.length > 0) data = Buffer.concat([this.#rest, data]);
    let at = this.#skip;
    while (at + HEADER_BYTES <= data.length) {
      const end = at + 1 + data.readUInt32BE(at + 1);
      if (data[at] === NOTIFICATION) {
        if (end > data.length) break;
        this.#found.push(Buffer.from(data.subarray(at, end)));
      }
      at = end;
    }
    this.#skip = Math.max(0, at - data.length);
    this.#rest = at < data.length ? Buffer.from(data.subarray(at)) : Buffer.alloc(0);
  }

  /** The whole notifications since the last call. */
  take() {
    return this.#found.splice(0);
  }
}
