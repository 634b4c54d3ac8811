import { expect, it } from 'vitest';
import { eachFeature, FEATURES, logOdds } from './line-classifier.ts';

function featuresOf(...clauses: string[][]): number[] {
  const features: number[] = [];
  const count = eachFeature(clauses, (feature) => features.push(feature));
  expect(features.length).toBe(count);
  return features;
}

it('features are the words, their pairs, the number of words, and what is 2 to 5 characters long', () => {
  // hi, ^hi, hi$, how many words; of " hi ": 3 of two characters, 2 of three, 1 of four.
  expect(featuresOf(['hi'])).toHaveLength(4 + 6);
  for (const feature of featuresOf(['ok', 'danke'])) {
    expect(feature).toBeGreaterThanOrEqual(0);
    expect(feature).toBeLessThan(FEATURES);
  }
});

it('words in another order are other features', () => {
  const [one, other] = [new Set(featuresOf(['no', 'ok'])), featuresOf(['ok', 'no'])];
  expect(other.some((feature) => !one.has(feature))).toBe(true);
});

it('how often more than twice a letter is drawn out makes no difference to what is in a word', () => {
  const inText = (word: string) => new Set(featuresOf([word]).slice(4));
  expect(inText('yesssss')).toEqual(inText('yess'));
});

it('there is no blank between Chinese characters', () => {
  // Two words, three pairs, how many words; of " 好的 ": 3 of two characters, 2 of three, 1 of four.
  expect(featuresOf(['好', '的'])).toHaveLength(2 + 3 + 1 + 6);
});

it('the log-odds are those of the label, and the mean of what the features say times the root of their number', () => {
  const features = featuresOf(['ok']);
  expect(logOdds([['ok']], { weights: new Float32Array(FEATURES).fill(2), bias: 0.5 })).toBeCloseTo(
    0.5 + 2 * Math.sqrt(features.length),
  );
});

it('a line without words has the odds of its edges', () =>
  expect(logOdds([], { weights: new Float32Array(FEATURES), bias: -1 })).toBe(-1));
