import { describe, expect, test } from 'vitest';
import { ROWS } from '../settings.ts';
import { integer } from './kinds.ts';

test.each(['1', '1000', ' 7 ', '007'])('%j is a whole number from 1 to 1000', (value) => {
  expect(integer(1, 1_000).parse(value)).toBe(Number(value));
});

test.each(['0', '1001', '-1', '1.5', '1e2', '0x10', '١', 'ten'])('%j is not', (value) => {
  expect(integer(1, 1_000).safeParse(value).success).toBe(false);
});

const RANGES = ROWS.flatMap(({ variable, read, values }) => {
  const [, min, max] = /^(\d+) to (\d+)\b/.exec(values) ?? [];
  return min && max ? [{ variable, read, min: Number(min), max: Number(max) }] : [];
}).filter(({ variable }) => !/^(METRICS_TOKEN|REDIS_PREFIX)$/.test(variable));

const WORDS = ROWS.flatMap(({ variable, read, values }) =>
  /^`\w+`(, `\w+`)*$/.test(values)
    ? [{ variable, read, words: values.split(', ').map((word) => word.slice(1, -1)) }]
    : [],
);

describe('the values that the pages show are those that are accepted:', () => {
  test.each(RANGES)('$variable from $min to $max', ({ read, min, max }) => {
    const isTaken = (value: number) => read.safeParse(`${value}`).success;
    expect([min - 1, min, max, max + 1].map(isTaken)).toEqual([false, true, true, false]);
  });

  test.each(WORDS)('$variable one of $words', ({ read, words }) => {
    expect([...words, `${words[0]}s`, `${words[0]} `].map((word) => read.safeParse(word).success)).toEqual([
      ...words.map(() => true),
      ...[false, false],
    ]);
  });
});
