/**
 * So much of an answer, in characters, begins another chunk by chance only where that repeats it: no text begins with the same
 * eight characters twice in a row, unless its model has lost the thread.
 */
const CERTAIN = 8;
/** A character of which only a part had come, as the server has it until the rest comes. */
const HALF_CHARACTER = /\uFFFD+$/;

/**
 * Makes increments of an answer's chunks, whether the server sends increments or, as DashScope does unless told
 * otherwise, all of the text so far each time.
 *
 * The rule: increments are what is expected, and one chunk that does not begin with all that came before proves them. A chunk
 * that begins with it and goes on is all of the text so far, surely where that is {@link CERTAIN} characters or more. With less
 * ("1", then "10": "10" or "110"?) it is held back until the next chunk, or the end, decides. A repeated chunk ("ha", "ha")
 * is an increment, unless a finish reason comes with it.
 */
export class Deltas {
  #kind: 'unknown' | 'increments' | 'whole' = 'unknown';
  /** All of the answer so far, but for what is held back. */
  #text = '';
  #held = '';

  /** What is new in a chunk that has the whole message so far, if it does; otherwise it is one like others. */
  whole(message: string, isLast: boolean): string {
    return this.#goesOn(message)
      ? this.#settled(message) + this.#restOf(message)
      : this.next(message, isLast);
  }

  /** What is new in the next chunk; `isLast`: whether a finish reason comes with it. */
  next(chunk: string, isLast: boolean): string {
    if (chunk === '') return '';
    const before = this.#settled(chunk);
    return before + this.#take(chunk, isLast);
  }

  /** What was held back to the end: there it is all of the text. */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return held && this.#restOf(held);
  }

  /** What the chunk says of the one that was held back before it. */
  #settled(chunk: string): string {
    if (this.#held === '') return '';
    const held = this.#held;
    this.#held = '';
    const isWhole = chunk.startsWith(held.replace(HALF_CHARACTER, ''));
    this.#kind = isWhole ? 'whole' : 'increments';
    return isWhole ? this.#restOf(held) : this.#add(held);
  }

  #take(chunk: string, isLast: boolean): string {
    if (this.#kind === 'increments') return this.#add(chunk);
    if (this.#kind === 'whole') return this.#restOf(chunk);
    if (this.#text === '') return this.#add(chunk);
    if (!this.#goesOn(chunk)) {
      this.#kind = 'increments';
      return this.#add(chunk);
    }
    if (chunk === this.#text) return isLast ? '' : this.#add(chunk);
    // Of blanks at the beginning one more or less makes no difference.
    if (this.#text.trim() === '') return this.#restOf(chunk);
    if (this.#text.length >= CERTAIN) {
      this.#kind = 'whole';
      return this.#restOf(chunk);
    }
    this.#held = chunk;
    return '';
  }

  #goesOn(chunk: string): boolean {
    return chunk.startsWith(this.#text.replace(HALF_CHARACTER, ''));
  }

  /** What all of the text so far adds to what is known of it; a chunk that does not go on from that is an increment. */
  #restOf(message: string): string {
    // The half comes again with the rest of it.
    const chunk = message.replace(HALF_CHARACTER, '');
    if (this.#text.startsWith(chunk)) return '';
    if (!this.#goesOn(chunk)) return this.#add(chunk);
    const rest = chunk.slice(this.#text.length);
    this.#text = chunk;
    return rest;
  }

  #add(text: string): string {
    this.#text += text;
    return text;
  }
}
