import { expect, it } from 'vitest';
import { RequestId } from './request-id.ts';

function requestIds() {
  let ids = 0;
  return new RequestId(() => `id${++ids}`);
}

it('a retry with the same subject has the same id', () => {
  const requestId = requestIds();
  expect([requestId.of('a'), requestId.of('a')]).toEqual(['id1', 'id1']);
});

it('another subject has another id, and so has the same subject after it was done', () => {
  const requestId = requestIds();
  expect([requestId.of('a'), requestId.of('b')]).toEqual(['id1', 'id2']);
  requestId.done();
  expect(requestId.of('b')).toBe('id3');
});
