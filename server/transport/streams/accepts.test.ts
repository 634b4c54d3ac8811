import { expect, test } from 'vitest';
import { accepts } from './accepts.ts';

test.each([
  [undefined, true],
  ['', true],
  ['*/*', true],
  ['text/*', true],
  ['text/event-stream', true],
  ['TEXT/Event-Stream', true],
  ['application/json, text/event-stream;q=0.1', true],
  ['text/event-stream; charset=UTF-8', true],
  ['text/event-stream; charset="utf-8"', true],
  ['*/*;q=0, text/event-stream', true],
  ['application/json', false],
  ['application/*', false],
  ['text/event-stream;q=0', false],
  ['text/event-stream;q=0.000, */*', false],
  ['text/*;q=0, */*', false],
  ['text/event-stream; charset=latin-1', false],
  ['text/event-stream;q=loud', false],
  ['nonsense', false],
  [',;=,', false],
])('Accept: %s lets a stream through: %s', (header, isAccepted) => {
  expect(accepts(header, ['text/event-stream'])).toBe(isAccepted);
});

test('one of several types is enough', () => {
  expect(accepts('application/json', ['application/graphql-response+json', 'application/json'])).toBe(true);
});
