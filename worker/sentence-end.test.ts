import { beforeEach, expect, test } from 'vitest';
import { SentenceEnd } from './sentence-end.ts';

let spoken: string;
let waits: boolean;
let ends: string[];
let sentence: SentenceEnd;
let say: (text: string) => Promise<boolean>;

beforeEach(() => {
  spoken = '';
  waits = true;
  ends = [];
  sentence = new SentenceEnd({
    waits: async () => waits,
    spoken: () => spoken,
    end: async () => {
      if (waits) ends.push(spoken);
      return waits;
    },
  });
  const within = sentence.within(async (text) => {
    spoken += text;
    return true;
  });
  say = (text) => within(text, 1);
});

test('nothing ends as long as no message waits', async () => {
  waits = false;
  await sentence.look();
  expect(await say('Bees dance. ')).toBe(true);
  expect(ends).toEqual([]);
});

test('the turn ends with the sentence, and what comes after it is not spoken', async () => {
  await say('Bees ');
  await sentence.look();
  expect(await say('dance. They')).toBe(false);
  expect(ends).toEqual(['Bees dance.']);
});

test('the turn ends at once between two sentences, and before the first word', async () => {
  await sentence.look();
  expect(ends).toEqual(['']);
  await say('Bees dance. ');
  expect(ends).toEqual(['', 'Bees dance. ']);
});

test('a message that comes while words are on their way ends the turn after them', async () => {
  const saying = sentence.within(async (text) => {
    await sentence.look();
    spoken += text;
    return true;
  });
  expect(await saying('Bees dance.', 1)).toBe(false);
  expect(ends).toEqual(['Bees dance.']);
});

test('a message that is taken back ends nothing: the rest is spoken', async () => {
  await say('Bees ');
  await sentence.look();
  waits = false;
  expect(await say('dance. They show')).toBe(true);
  expect(await say(' it. So')).toBe(true);
  expect(spoken).toBe('Bees dance. They show it. So');
  expect(ends).toEqual([]);
});

test('words that the feed refuses end nothing', async () => {
  sentence.await();
  expect(await sentence.within(async () => false)('Bees dance.', 1)).toBe(false);
  expect(ends).toEqual([]);
});
