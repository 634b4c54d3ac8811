import { GraphQLError } from 'graphql';

/**
 * The size of a result while it is made, as JSON in UTF-8: of every field that has been resolved, under every alias. Once it
 * exceeds the limit, each further field fails, so that neither the rest is read nor any of it is written.
 *
 * Most results are small, and their strings are only added up. Only when they could exceed the limit are they measured, from
 * a cheap upper bound to the exact size.
 */
export class ResultSize {
  readonly #limit: number;
  #strings: string[] = [];
  /** Bytes of everything but strings. */
  #others = 0;
  #stringBytes = 0;
  #measure = 0;
  #isExceeded = false;

  /** `limit`: in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get isExceeded(): boolean {
    return this.#isExceeded;
  }

  /** @throws {GraphQLError} RESPONSE_TOO_LARGE */
  throwIfExceeded(): void {
    if (this.#isExceeded) throw responseTooLarge(this.#limit);
  }

  /** Adds a field, without its value. @throws {GraphQLError} RESPONSE_TOO_LARGE */
  addField(responseName: string, atLeast = 0): void {
    this.throwIfExceeded();
    this.#others += Math.max(responseName.length + AROUND_A_FIELD, atLeast);
    this.#check();
  }

  /** Adds the value of a scalar or an enum, or a list of them. @throws {GraphQLError} RESPONSE_TOO_LARGE */
  addValue(value: unknown): void {
    if (typeof value === 'string') {
      this.#strings.push(value);
      this.#stringBytes += MEASURES[this.#measure]?.(value) ?? 0;
      this.#check();
    } else if (Array.isArray(value)) {
      for (const one of value) this.addValue(one);
    } else {
      this.#others += LONGEST_OTHER;
    }
  }

  /** Begins with another result: each event of a subscription is one. */
  restart(): void {
    this.#strings = [];
    this.#others = 0;
    this.#stringBytes = 0;
    this.#measure = 0;
    this.#isExceeded = false;
  }

  #check(): void {
    while (this.#others + this.#stringBytes > this.#limit) {
      const measure = MEASURES[++this.#measure];
      if (!measure) {
        this.#isExceeded = true;
        this.#strings = [];
        throw responseTooLarge(this.#limit);
      }
      this.#stringBytes = 0;
      for (const one of this.#strings) this.#stringBytes += measure(one);
    }
  }
}

/** Quotes, a colon, a comma, and the brackets of an object. */
const AROUND_A_FIELD = 6;
/** A date, a number, a boolean, null. */
const LONGEST_OTHER = 26;

/** Upper bounds of a string's size as JSON, each closer than the one before; the last is the size itself. */
const MEASURES: readonly ((text: string) => number)[] = [
  ({ length }) => length * ESCAPED,
  (text) => {
    const bytes = Buffer.byteLength(text);
    // What is not ASCII has two bytes or more, most of it three, and is not escaped.
    const ascii = Math.max(0, (3 * text.length - bytes) / 2);
    return bytes + ascii * (CONTROL.test(text) ? ESCAPED - 1 : 1);
  },
  (text) => Buffer.byteLength(JSON.stringify(text)),
];

/** `\u0001` */
const ESCAPED = 6;
/** Characters whose escape is not a backslash and a letter. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0007\u000b\u000e-\u001f\ud800-\udfff]/;

export function responseTooLarge(limit: number): GraphQLError {
  return new GraphQLError(
    `The response is larger than ${limit} bytes: ask for smaller pages, by a lower "first" or "last", or for fewer fields.`,
    { extensions: { code: 'RESPONSE_TOO_LARGE', argument: 'first' } },
  );
}
