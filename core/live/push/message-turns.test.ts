import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { MessageTurns } from './message-turns.ts';

/** `busyMs`: how long each message takes. */
function turnsOf(busyMs = 0) {
  const handled: string[] = [];
  const source = { pause: vi.fn(), resume: vi.fn() };
  const turns = new MessageTurns((_channel, message) => {
    handled.push(message);
    const until = performance.now() + busyMs;
    while (performance.now() < until);
  }, source);
  const add = (count: number) => {
    for (let n = 0; n < count; n++) turns.add('c', String(n));
  };
  return { turns, add, handled, source };
}

test('a message is handled at once', () => {
  const { add, handled } = turnsOf();
  add(1);
  expect(handled).toEqual(['0']);
});

test('of many messages at most 200 are handled in one turn of the event loop, in order', async () => {
  const { add, handled } = turnsOf();
  add(1_000);
  let before = 0;
  while (handled.length < 1_000) {
    expect(handled.length - before).toBeLessThanOrEqual(200);
    before = handled.length;
    await nextTurn();
  }
  expect(handled).toEqual(Array.from({ length: 1_000 }, (_, n) => String(n)));
});

test('messages that take long have fewer in a turn, and at least one', async () => {
  const { add, handled } = turnsOf(20);
  add(3);
  expect(handled).toHaveLength(1);
  while (handled.length < 3) {
    const before = handled.length;
    await nextTurn();
    expect(handled.length - before).toBeLessThanOrEqual(1);
  }
});

test('one that comes while others wait is handled after them', async () => {
  const { turns, add, handled } = turnsOf();
  add(300);
  turns.add('c', 'last');
  while (handled.length < 301) await nextTurn();
  expect(handled.at(-1)).toBe('last');
});

test('while more than 2,000 wait the source is paused, until half of them are handled', async () => {
  const { add, handled, source } = turnsOf();
  add(2_200);
  expect(source.pause).not.toHaveBeenCalled();
  add(1);
  expect(source.pause).toHaveBeenCalledOnce();
  while (handled.length < 1_201) {
    expect(source.resume).not.toHaveBeenCalled();
    await nextTurn();
  }
  while (handled.length < 2_201) await nextTurn();
  expect([source.pause.mock.calls.length, source.resume.mock.calls.length]).toEqual([1, 1]);
});

test('after a stop nothing more is handled', async () => {
  const { turns, add, handled } = turnsOf();
  add(500);
  const before = handled.length;
  turns.stop();
  await nextTurn();
  await nextTurn();
  expect(handled).toHaveLength(before);
});
