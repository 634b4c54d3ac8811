import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** Short words, as models stream them. */
const WORDS = 'The answer to that is short but it comes in many small parts which have to arrive here '.split(
  ' ',
);

/** Token number `n` of every conversation. */
export const tokenAt = (n: number): string => `${WORDS[n % WORDS.length] || 'so'} `;

/** What one conversation says: the tokens in order, with the offsets that listeners must hear. */
export class Speech {
  readonly conversationId = uuidv7();
  readonly turnId = uuidv7();
  readonly epoch = randomBytes(9).toString('base64url');
  /** How many tokens were published. */
  sent = 0;
  #offset = 0;

  next(): { text: string; offset: number } {
    const text = tokenAt(this.sent++);
    const offset = this.#offset;
    this.#offset += text.length;
    return { text, offset };
  }
}
