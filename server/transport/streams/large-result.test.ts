import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Pauses } from '../../graphql/pauses.ts';
import { LoopTurns } from '../../limits/loop-turns.ts';
import { partsOf, withStandIn } from './large-result.ts';

const DATA = { rows: Array.from({ length: 10 }, () => ({ text: 'x'.repeat(100_000) })) };
const large = () => ({
  data: DATA,
  size: {
    atMost: 1_000_000,
    pauses: new Pauses(new LoopTurns(() => 0, Number.POSITIVE_INFINITY), () => 0),
  },
});
const TEXT = `{"id":"1","payload":${JSON.stringify(withStandIn({ data: DATA, errors: [] }))}}`;

test('the event loop turns before each part of a large result, and the whole is in its place', async () => {
  let written = '';
  const byTurn: number[] = [];
  const writing = (async () => {
    for await (const part of partsOf(TEXT, large(), () => () => {})) written += String(part);
    return true;
  })();
  for (let before = 0; !(await Promise.race([writing, nextTurn()])); before = written.length)
    byTurn.push(written.length - before);
  expect(JSON.parse(written)).toEqual({ id: '1', payload: { data: DATA, errors: [] } });
  expect(Math.max(...byTurn)).toBeLessThan(250_000);
});

test('what is not passed on counts as unread until the reader leaves', async () => {
  let unread = () => 0;
  const parts = partsOf(TEXT, large(), (bytes) => {
    unread = bytes;
    return () => {
      unread = () => 0;
    };
  });
  await parts.next();
  expect(unread()).toBe(1_000_000);
  await parts.next();
  expect(unread()).toBeLessThan(950_000);
  await parts.return(undefined);
  expect(unread()).toBe(0);
});
