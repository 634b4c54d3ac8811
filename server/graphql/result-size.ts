import { GraphQLError } from 'graphql';
import { Pauses } from './pauses.ts';

/**
 * What is large: smaller results are not held against a caller who does not read, because connections may hold as much
 * anyway, and are written in one piece. In bytes.
 */
const LARGE_BYTES = 262_144;

/**
 * The size of a result while it is made, as JSON in UTF-8: of every field that has been resolved, under every alias. Once it
 * exceeds the limit, no further rows are read, fields of introspection fail, and nothing of it is written.
 *
 * Other fields do not fail: when an item of a list throws, graphql-js leaves the promises of the items before it, and each of
 * them that rejects is an unhandled rejection of the process.
 *
 * Most results are small, and their strings are only added up. Only when they could exceed the limit are they measured, from
 * a cheap upper bound to the exact size. Long strings are measured exactly when they are added, because all of them together
 * would block the event loop for long.
 */
export class ResultSize {
  readonly #limit: number;
  readonly #fieldsPerMs: number;
  #strings: string[] = [];
  /** Bytes of everything but strings. */
  #others = 0;
  #fields = 0;
  /** Bytes of `#strings`. */
  #stringBytes = 0;
  #longStringBytes = 0;
  #measure = 0;
  #isExceeded = false;
  readonly #abort = new AbortController();

  /** When the operation that makes it, and writes it, lets others have their turn. */
  readonly pauses: Pauses;

  /** `limit`: in bytes. `turns`: see {@link Pauses}. `fieldsPerMs`: of {@link FIELDS_PER_MS}. */
  constructor(limit: number, turns: { next(): Promise<void> }, fieldsPerMs: number = FIELDS_PER_MS.executed) {
    this.#limit = limit;
    this.#fieldsPerMs = fieldsPerMs;
    this.pauses = new Pauses(turns, () => this.estimatedMs);
  }

  /** Aborted once the limit is exceeded: execution then stops, where an error alone is one null of many. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isExceeded(): boolean {
    return this.#isExceeded;
  }

  /**
   * About how long the event loop works for it, in milliseconds. Measured on the machine of docs/reliability.md: 100 ms for
   * 9.6 MB of a hundred messages; see also {@link FIELDS_PER_MS}.
   */
  get estimatedMs(): number {
    return this.atMost / 100_000 + this.#fields / this.#fieldsPerMs;
  }

  /** An upper bound, in bytes. */
  get atMost(): number {
    return this.#others + this.#stringBytes + this.#longStringBytes;
  }

  get isLarge(): boolean {
    return this.atMost > LARGE_BYTES;
  }

  /** @throws {GraphQLError} RESPONSE_TOO_LARGE */
  throwIfExceeded(): void {
    if (this.#isExceeded) throw responseTooLarge(this.#limit);
  }

  /** Adds a field, without its value. @throws {GraphQLError} RESPONSE_TOO_LARGE, for fields of introspection */
  addField(responseName: string, isIntrospection = false): void {
    const bytes = responseName.length + AROUND_A_FIELD;
    this.#fields++;
    this.#others += isIntrospection ? Math.max(bytes, this.#limit / MOST_OF_INTROSPECTION) : bytes;
    this.#check();
    if (isIntrospection) this.throwIfExceeded();
  }

  /** Adds the value of a scalar or an enum, or a list of them. */
  addValue(value: unknown): void {
    if (this.#isExceeded) return;
    if (typeof value === 'string' && value.length >= LONG_STRING) {
      this.#longStringBytes += exactly(value);
      this.#check();
    } else if (typeof value === 'string') {
      this.#strings.push(value);
      this.#stringBytes += MEASURES[this.#measure]?.(value) ?? 0;
      this.#check();
    } else if (Array.isArray(value)) {
      this.#others += value.length + AROUND_A_LIST;
      for (const one of value) this.addValue(one);
    } else {
      this.#others += LONGEST_OTHER;
    }
  }

  /** Begins with another result: each event of a subscription is one. */
  restart(): void {
    this.#strings = [];
    this.#others = 0;
    this.#fields = 0;
    this.#stringBytes = 0;
    this.#longStringBytes = 0;
    this.#measure = 0;
    this.#isExceeded = false;
    this.pauses.restart();
  }

  #check(): void {
    while (!this.#isExceeded && this.atMost > this.#limit) {
      const measure = MEASURES[++this.#measure];
      if (!measure) {
        this.#isExceeded = true;
        this.#strings = [];
        this.#abort.abort(responseTooLarge(this.#limit));
        return;
      }
      this.#stringBytes = 0;
      for (const one of this.#strings) this.#stringBytes += measure(one);
    }
  }
}

/**
 * How many short fields take a millisecond: 8 ms for 400 of a hundred rows by the executor, 3.5 ms for 750 of a page of fifty
 * messages as a compiled query, with all that is around it.
 */
export const FIELDS_PER_MS = { executed: 50, compiled: 200 };

/** Quotes, a colon, a comma, and the brackets of an object. */
const AROUND_A_FIELD = 6;
/**
 * How many fields of introspection fill a result: the complexity of an operation does not include them. The whole schema has
 * 6,000 of them.
 */
const MOST_OF_INTROSPECTION = 20_000;
const AROUND_A_LIST = 2;
/** A date, a number, a boolean, null. */
const LONGEST_OTHER = 26;

/** Upper bounds of a string's size as JSON, each closer than the one before; the last is the size itself. */
const MEASURES: readonly ((text: string) => number)[] = [
  longest,
  (text) => {
    const bytes = Buffer.byteLength(text);
    // At most so much is ASCII, which alone is escaped, except for lone surrogates: other characters have three bytes, or
    // count a little of it.
    const ascii = Math.max(0, (3 * text.length - bytes) / 2);
    if (!text.isWellFormed() || (ascii > 0 && ESCAPED_IN_HEX.test(text))) return longest(text);
    return bytes + ascii + QUOTES;
  },
  exactly,
];

/** From so many UTF-16 code units on. */
const LONG_STRING = 4_096;

function exactly(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

const QUOTES = 2;
/** Such as `\u0001`: control characters without a letter of their own. */
const ESCAPED_IN_HEX = /[^\P{Cc}\b\t\n\f\r\u007f-\u009f]/u;

function longest({ length }: string): number {
  return length * 6 + QUOTES;
}

export function responseTooLarge(limit: number): GraphQLError {
  return new GraphQLError(
    `The response is larger than ${limit} bytes: ask for smaller pages, by a lower "first" or "last", or for fewer fields.`,
    { extensions: { code: 'RESPONSE_TOO_LARGE', argument: 'first' } },
  );
}
