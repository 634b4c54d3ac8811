/**
 * In characters. A chunk that begins with this much of the answer so far repeats it: text hardly begins with the same eight
 * characters twice in a row by chance.
 */
const CERTAIN = 8;
/** The placeholder that a server sends for a character until all of its bytes have arrived. */
const HALF_CHARACTER = /\uFFFD+$/;

/**
 * Turns the chunks of an answer into increments, whether the server sends increments or the whole text so far each time,
 * as DashScope does by default.
 *
 * Increments are the default, and one chunk that does not begin with the text so far proves them. A chunk that begins with
 * the text so far and continues it is the whole text; this is certain if the text so far has {@link CERTAIN} characters or
 * more. With fewer ("1", then "10": "10" or "110"?) the chunk is held back until the next chunk, or the end, decides. A
 * repeated chunk ("ha", "ha") is an increment, unless it comes with a finish reason.
 */
export class Deltas {
  #kind: 'unknown' | 'increments' | 'whole' = 'unknown';
  /** The answer so far, without the chunk that is held back. */
  #text = '';
  #held = '';

  /** Returns the new text of a chunk that should hold the whole message so far; if it does not, it is read like any chunk. */
  whole(message: string, isLast: boolean): string {
    return this.#continues(message)
      ? this.#settled(message) + this.#restOf(message)
      : this.next(message, isLast);
  }

  /** Returns the new text of the next chunk. `isLast`: whether a finish reason comes with it. */
  next(chunk: string, isLast: boolean): string {
    if (chunk === '') return '';
    const before = this.#settled(chunk);
    return before + this.#take(chunk, isLast);
  }

  /** Returns the new text of a chunk that was held back to the end: it is the whole text. */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return held && this.#restOf(held);
  }

  /** Decides the chunk that was held back by the chunk after it, and returns its new text. */
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
    if (!this.#continues(chunk)) {
      this.#kind = 'increments';
      return this.#add(chunk);
    }
    if (chunk === this.#text) return isLast ? '' : this.#add(chunk);
    // One blank more or less at the beginning makes no difference.
    if (this.#text.trim() === '') return this.#restOf(chunk);
    if (this.#text.length >= CERTAIN) {
      this.#kind = 'whole';
      return this.#restOf(chunk);
    }
    this.#held = chunk;
    return '';
  }

  #continues(chunk: string): boolean {
    return chunk.startsWith(this.#text.replace(HALF_CHARACTER, ''));
  }

  /** Returns what the whole text adds to the text so far; a chunk that does not continue it is an increment. */
  #restOf(message: string): string {
    // The next chunk has the complete character.
    const chunk = message.replace(HALF_CHARACTER, '');
    if (this.#text.startsWith(chunk)) return '';
    if (!this.#continues(chunk)) return this.#add(chunk);
    const rest = chunk.slice(this.#text.length);
    this.#text = chunk;
    return rest;
  }

  #add(text: string): string {
    this.#text += text;
    return text;
  }
}
