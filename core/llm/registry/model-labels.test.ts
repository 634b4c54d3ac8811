import { expect, test } from 'vitest';
import { ModelLabels } from './model-labels.ts';
import type { Model } from './models.ts';

function labelsOf(count: number) {
  const all = Array.from({ length: count }, (_, at): Model => {
    return { id: `m${at}`, name: 'M', vendor: 'V', contextWindow: 1 };
  });
  return new ModelLabels({ all, get: (id) => all.find((model) => model.id === id) });
}

test('an offered model has its own label, others share the label other', () => {
  const labels = labelsOf(2);
  expect(['m1', 'gone', 'm1'].map((id) => labels.of(id))).toEqual(['m1', 'other', 'm1']);
});

test('of a thousand models the first hundred in order of use have their own label', () => {
  const labels = labelsOf(1_000);
  const used = Array.from({ length: 1_000 }, (_, at) => labels.of(`m${999 - at}`));
  expect(new Set(used).size).toBe(101);
  expect([labels.of('m999'), labels.of('m0')]).toEqual(['m999', 'other']);
});

test('few models have their labels from the start, many do not', () => {
  expect(labelsOf(2).first()).toEqual(['m0', 'm1']);
  expect(labelsOf(400).first()).toEqual([]);
});
