import type { Model } from './model.ts';
import { type CountTokens, loadTokenizer } from './tokens.ts';

/** A text to count: of a message that never changes, by the id under which its count is remembered. */
export interface Countable {
  id?: string | undefined;
  content: string;
}

/** How many counts are remembered; the ones not asked for the longest are forgotten. About 2 MB. */
const REMEMBERED = 20_000;

/**
 * So many characters are counted at once, the rest after everybody else has had a turn: 1 ms of prose, 10 ms of random
 * letters, and of random Chinese, the slowest that was found, 20 ms.
 */
const SLICE = 4_096;

/**
 * Counts tokens without holding up the event loop, and every message once. What counting needs is loaded when it is
 * made, which does hold it up, 0.15 s for each encoding: make it when a process starts. What a model that is listed
 * later needs is loaded when it is first counted for.
 */
export class TokenCounter {
  readonly #counters = new Map<Model['tokenizer'], CountTokens>();
  readonly #counts = new Map<string, number>();

  private constructor() {}

  static async load(models: readonly Pick<Model, 'tokenizer'>[]): Promise<TokenCounter> {
    const names = new Set([undefined, ...models.map(({ tokenizer }) => tokenizer)]);
    const counter = new TokenCounter();
    for (const tokenizer of names) await counter.#load(tokenizer);
    return counter;
  }

  /** As {@link loadTokenizer} counts, but for a token or so at each of the places where a long text is cut. */
  async count({ tokenizer }: Pick<Model, 'tokenizer'>, { id, content }: Countable): Promise<number> {
    const key = id && `${tokenizer ?? ''} ${id}`;
    const known = key === undefined ? undefined : this.#counts.get(key);
    const tokens = known ?? (await this.#countAnew(tokenizer, content));
    if (key !== undefined) this.#remember(key, tokens);
    return tokens;
  }

  async #countAnew(tokenizer: Model['tokenizer'], content: string): Promise<number> {
    const count = this.#counters.get(tokenizer) ?? (await this.#load(tokenizer));
    let tokens = 0;
    for (let from = 0; from < content.length; ) {
      const to = sliceEnd(content, from);
      tokens += count(content.slice(from, to));
      from = to;
      if (from < content.length) await new Promise(setImmediate);
    }
    return tokens;
  }

  async #load(tokenizer: Model['tokenizer']): Promise<CountTokens> {
    const count = await loadTokenizer(tokenizer ? { tokenizer } : {});
    this.#counters.set(tokenizer, count);
    return count;
  }

  #remember(key: string, tokens: number): void {
    this.#counts.delete(key);
    this.#counts.set(key, tokens);
    if (this.#counts.size <= REMEMBERED) return;
    for (const oldest of this.#counts.keys()) {
      this.#counts.delete(oldest);
      return;
    }
  }
}

/** Before a blank where there is one, as tokens begin there; never within a surrogate pair. */
function sliceEnd(content: string, from: number): number {
  const end = from + SLICE;
  if (end >= content.length) return content.length;
  const blank = content.lastIndexOf(' ', end);
  if (blank > from + SLICE / 2) return blank;
  return /[\uDC00-\uDFFF]/.test(content.charAt(end)) ? end - 1 : end;
}
