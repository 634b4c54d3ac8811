import { beforeEach, expect, test } from 'vitest';
import { count, type Platform } from '../../test/faults/platform.ts';
import type { Data } from '../../test/support/harness.ts';
import { CANCEL } from '../../test/support/operations.ts';
import { countFailures } from './failures.ts';
import { Talk } from './talk.ts';

/** Each test decides what the platform does wrong. */
let stored: Data[];
let answer: (text: string) => Data;
let whims: number[];
let endings: Map<string, Data>;

beforeEach(() => {
  stored = [];
  endings = new Map();
  whims = [];
});

const listener = () => ({ endings, events: [], faults: [], count: 0, clear() {}, reconnect() {} });
const platform = {
  conversation: async () => ({ id: 'c', listener: listener() }),
  send: async (_id: string, text: string) => answer(text),
  request: async (query: string) =>
    query === CANCEL ? { data: { cancelTurn: { __typename: 'UnavailableError' } } } : {},
  look: async () => ({ messages: [], turnId: null, failedTurnId: null }),
  allMessages: async () => stored,
} as unknown as Platform;
const random = {
  next: () => whims.shift() ?? 0.9,
  between: (least: number) => Math.min(least, 60),
};

/** Stores a message and its answer, which listeners hear as it is stored. */
function accept(text: string, status = 'COMPLETED', words = 60): Data {
  const turnId = `turn of ${text}`;
  const name = text.split(' ')[1] ?? '';
  const content = count(name, words);
  stored.push({ id: text, content: text, role: 'USER' }, { id: turnId, content, status, role: 'ASSISTANT' });
  endings.set(turnId, { type: 'TurnCompleted', content });
  return { __typename: 'SendMessageSuccess', turnId };
}
const refuse = (): Data => ({ __typename: 'UnavailableError' });

async function verdictOf(steps: number) {
  const talk = new Talk(platform, random, 'c0');
  await talk.start();
  for (let step = 0; step < steps; step++) await talk.step();
  return talk.check();
}

test('an accepted message with its correct answer is not a fault', async () => {
  answer = accept;
  expect(await verdictOf(2)).toMatchObject({
    messages: 2,
    refused: 0,
    acts: [],
    lost: [],
    repeated: [],
    failures: [],
  });
});

test('a refused message is not sent again, and is not a fault if it left nothing behind', async () => {
  const said: string[] = [];
  answer = (text) => {
    said.push(text);
    return refuse();
  };
  expect(await verdictOf(2)).toMatchObject({ messages: 0, refused: 2, acts: [], lost: [] });
  expect(new Set(said).size).toBe(2);
});

test('a refused message that is stored and answered is an effect of a refused call', async () => {
  answer = (text) => {
    accept(text);
    return refuse();
  };
  expect((await verdictOf(1)).acts).toEqual([
    'Count c0.1 to 60: refused, and stored',
    'Count c0.1 to 60: refused, and answered',
  ]);
});

test('an answer that a refused message cut off is an effect of a refused call', async () => {
  // It interrupts without waiting for the end of the answer.
  whims = [0.1];
  const answers = [(text: string) => accept(text, 'INTERRUPTED', 7), refuse];
  answer = (text) => answers.shift()?.(text) ?? {};
  const { acts, lost } = await verdictOf(2);
  expect(acts).toEqual(['Count c0.1 to 60: cut off by a call that was refused']);
  expect(lost).toEqual([]);
});

test('an answer that a refused cancel cut off is an effect of a refused call', async () => {
  whims = [0.2];
  answer = (text) => accept(text, 'INTERRUPTED', 7);
  expect((await verdictOf(1)).acts).toEqual(['Count c0.1 to 60: cut off by a call that was refused']);
});

test('an answer that was cut off without a reason is lost', async () => {
  answer = (text) => accept(text, 'INTERRUPTED', 7);
  expect((await verdictOf(1)).lost).toEqual(['Count c0.1 to 60: cut off without a reason']);
});

test('a failed answer is counted by its cause, and by whether the model worked', async () => {
  answer = (text) => {
    const accepted = accept(text, 'INTERRUPTED', 7);
    Object.assign(stored.at(-2) ?? {}, { failure: { turnId: accepted.turnId, code: 'TIMEOUT' } });
    return accepted;
  };
  const { failures, messages, lost } = await verdictOf(2);
  expect(lost).toEqual([]);
  expect(countFailures(failures, new Set(['Count c0.1 to 60']), messages)).toEqual({
    rows: [{ code: 'TIMEOUT', modelWorked: 1, modelFailed: 1 }],
    percent: 100,
  });
});
