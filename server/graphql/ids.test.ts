import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { fromNodeId, toNodeId } from './ids.ts';

test('[P-04] ids of one type compare as strings in the order in which they were made', () => {
  const made = Array.from({ length: 5_000 }, (_, at) => toNodeId('Message', uuidv7({ msecs: at * 7_919 })));
  expect([...made].sort()).toEqual(made);
});

test('an id gives its type and the id of its row, and any other text gives none', () => {
  const id = uuidv7();
  expect(fromNodeId(toNodeId('Message', id))).toEqual({ type: 'Message', id });
  for (const other of [
    '',
    '_',
    id,
    `_${id}`,
    `Message${id}`,
    `Message_${id} `,
    `Message_${id.toUpperCase()}`,
  ])
    expect([other, fromNodeId(other)]).toEqual([other, null]);
});
