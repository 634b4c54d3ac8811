import { expect, it } from 'vitest';
import { textValues, valuesIn } from './text-values.ts';

it.each([
  ['Plain', {}],
  ['“{title}”', { title: 'string' }],
  [
    '{n, plural, one {# of {total, number}} other {{name}: #}}',
    { n: 'number', total: 'number', name: 'string' },
  ],
  ['From {at, time, short} on', { at: 'string' }],
  ["An '{escaped}' brace", {}],
])('the values of %s', (text, values) => {
  expect(Object.fromEntries(valuesIn(text))).toEqual(values);
});

it('texts without values need none', () => {
  expect(textValues({ app: 'Plain', 'a.b': '{title}' })).toContain(
    "  app: null;\n  'a.b': { title: string };\n",
  );
});
