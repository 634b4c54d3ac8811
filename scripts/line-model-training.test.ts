import { expect, it } from 'vitest';
import { labelledLines } from '../core/floor/labelled-lines.ts';
import { logOdds } from '../core/floor/line-classifier.ts';
import { clausesOf } from '../core/floor/tokens.ts';
import { lineModelModule, trainLineModel } from './line-model-training.ts';

const LINES = labelledLines(
  [
    'en\tack\tthat helps a lot',
    'en\tack\tthis makes sense to me',
    'en\tack\tlove how clear that is',
    'en\tspeak\tmake it shorter',
    'en\tspeak\ti use a mac',
    'en\tspeak\tshow the second step',
    'en\tspeak\twhy is that?',
  ].join('\n'),
);
const model = trainLineModel(LINES);
const odds = (text: string) =>
  logOdds(clausesOf(text) ?? [], { ...model, weights: Array.from(model.weights, (it) => it * model.step) });

it('learns from lines what other lines like them are', () => {
  expect(odds('that helps me')).toBeGreaterThan(0);
  expect(odds('show the shorter step')).toBeLessThan(0);
});

it('an acknowledgement beside a wish speaks less for an acknowledgement than one beside another', () =>
  expect(odds('that helps a lot, make it shorter')).toBeLessThan(
    odds('that helps a lot, love how clear that is'),
  ));

it('the same lines give the same model, of whole numbers that a byte holds', () => {
  expect(lineModelModule(trainLineModel(LINES))).toBe(lineModelModule(model));
  for (const weight of Array.from(model.weights)) expect(Math.abs(weight)).toBeLessThanOrEqual(127);
});
