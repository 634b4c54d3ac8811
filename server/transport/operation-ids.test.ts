import { expect, test } from 'vitest';
import { OperationIds } from './operation-ids.ts';

const next = (id: string | null, n = 1) => `{"id":"${id}","type":"next","payload":{"data":{"n":${n}}}}`;
const complete = (id: string | null) => `{"id":"${id}","type":"complete"}`;

test('a client gets the results of its operation under its own id, whatever that is', () => {
  const ids = new OperationIds();
  for (const clientId of ['1', 'op1', 'a "quoted" \\ one', '__proto__', '🦆\n']) {
    const heard = ids.outgoing(next(ids.open(clientId)));
    expect(JSON.parse(heard ?? '')).toEqual({ id: clientId, type: 'next', payload: { data: { n: 1 } } });
  }
});

test('an id is free again once the client has completed its operation, whose results are dropped', () => {
  const ids = new OperationIds();
  const first = ids.open('X');
  expect(ids.open('X')).toBeNull();
  expect(ids.complete('X')).toBe(first);
  const second = ids.open('X');
  expect(second).not.toBe(first);
  expect(ids.outgoing(next(first))).toBeNull();
  expect(ids.outgoing(complete(first))).toBeNull();
  expect(ids.outgoing(next(second))).toBe(next('X'));
});

test.each([
  ['complete', complete],
  ['error', (id: string | null) => `{"id":"${id}","type":"error","payload":[{"message":"no"}]}`],
])("an id is free again once the server's %s has gone out", (_type, last) => {
  const ids = new OperationIds();
  const first = ids.open('X');
  expect(ids.outgoing(next(first))).toBe(next('X'));
  expect(ids.open('X')).toBeNull();
  expect(ids.outgoing(last(first))).toBe(last('X'));
  expect(ids.complete('X')).toBeNull();
  expect(ids.open('X')).not.toBeNull();
});

test('a message that belongs to no operation is sent unchanged', () => {
  const pong = '{"type":"pong","payload":{"id":"op1"}}';
  expect(new OperationIds().outgoing(pong)).toBe(pong);
});
