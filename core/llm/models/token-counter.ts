import type { Model } from './model.ts';
import { type CountTokens, loadTokenizer } from './tokens.ts';

/** A text to count. `id`: that of a message, which never changes; its count is cached under it. */
export interface Countable {
  id?: string | undefined;
  content: string;
}

/** The size of the cache, in counts; the least recently used ones are removed. About 2 MB. */
const REMEMBERED = 20_000;

/**
 * This many characters are counted before the event loop may run other work. They take 1 ms for prose, 10 ms for random
 * letters, and 20 ms for random Chinese, the slowest text found.
 */
const SLICE = 4_096;

/**
 * Counts tokens without blocking the event loop, and each message only once. Creating a counter loads the encodings and
 * does block, 0.15 s for each: create it when a process starts. The encoding of a model that is listed later is loaded
 * when it is first used.
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

  /** Counts like {@link loadTokenizer}, give or take a token at each place where a long text is cut. */
  async count({ tokenizer }: Pick<Model, 'tokenizer'>, { id, content }: Countable): Promise<number> {
    const key = id && `${tokenizer ?? ''} ${id}`;
    const known = key === undefined ? undefined : this.#counts.get(key);
    const tokens = known ?? (await this.#countText(tokenizer, content));
    if (key !== undefined) this.#remember(key, tokens);
    return tokens;
  }

  async #countText(tokenizer: Model['tokenizer'], content: string): Promise<number> {
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

/** The end of the slice: before a blank if there is one, as tokens begin there; never inside a surrogate pair. */
function sliceEnd(content: string, from: number): number {
  const end = from + SLICE;
  if (end >= content.length) return content.length;
  const blank = content.lastIndexOf(' ', end);
  if (blank > from + SLICE / 2) return blank;
  return /[\uDC00-\uDFFF]/.test(content.charAt(end)) ? end - 1 : end;
}
