import { describe, expect, test } from 'vitest';
import { ResultSize } from './result-size.ts';

const NO_TURNS = { next: async () => {} };

const TEXTS = {
  'plain ASCII': 'The quick brown fox. '.repeat(500),
  'quotes and lines': '"Well,"\n\t\\'.repeat(1_000),
  Chinese: '\u4E00\u8A00'.repeat(5_000),
  'two-byte letters': '\u00E9'.repeat(10_000),
  emoji: '\u{1F600}'.repeat(5_000),
  'control characters': '\u0001'.repeat(10_000),
  'control characters among Chinese': '\u4E00\u0001'.repeat(5_000),
  'lone surrogates': '\uD800'.repeat(10_000),
};

/** Adds fields with a value until the limit is exceeded; the size as JSON of those before. */
function fill(size: ResultSize, name: string, value: unknown): number {
  let bytes = 2;
  for (;;) {
    size.addField(name);
    size.addValue(value);
    if (size.isExceeded) return bytes;
    bytes += Buffer.byteLength(JSON.stringify({ [name]: value }));
  }
}

describe('the size of a result', () => {
  test.each(Object.entries(TEXTS))('of %s is bounded by its bytes as JSON, to one value', (_what, text) => {
    const one = Buffer.byteLength(JSON.stringify(text));
    const bytes = fill(new ResultSize(1_000_000, NO_TURNS), 'content', text);
    expect(bytes).toBeLessThanOrEqual(1_000_000 + 2);
    expect(bytes).toBeGreaterThan(1_000_000 - 2 * one);
  });

  test('includes the names of fields, which the caller chooses', () => {
    expect(fill(new ResultSize(1_000_000, NO_TURNS), 'a'.repeat(10_000), 1)).toBeLessThanOrEqual(1_000_000);
  });

  test('includes lists, numbers, dates and null', () => {
    const values = [['one', 'two', 'three'], 12345, new Date(), null, true];
    for (const value of values)
      expect(fill(new ResultSize(100_000, NO_TURNS), 'a', value)).toBeLessThanOrEqual(100_000);
  });

  test('is exceeded by 20,000 fields of introspection, however small they are', () => {
    const size = new ResultSize(16_000_000, NO_TURNS);
    for (let n = 0; n < 20_000; n++) size.addField('a', true);
    expect(() => size.addField('a', true)).toThrow(/larger than 16000000 bytes/);
  });

  test('once exceeded stays so, aborts execution, and reads nothing more', () => {
    const size = new ResultSize(1_000, NO_TURNS);
    size.throwIfExceeded();
    size.addValue('x'.repeat(1_000));
    size.addField('a');
    size.addValue('x');
    expect([size.isExceeded, size.signal.aborted]).toEqual([true, true]);
    const tooLarge = { extensions: { code: 'RESPONSE_TOO_LARGE', argument: 'first' } };
    expect(() => size.throwIfExceeded()).toThrow(expect.objectContaining(tooLarge));
  });

  test('begins again with each event of a subscription', () => {
    const size = new ResultSize(1_000, NO_TURNS);
    for (let n = 0; n < 10; n++) {
      size.restart();
      size.addValue('x'.repeat(900));
    }
    expect(size.isExceeded).toBe(false);
  });
});
