import { expect, test } from 'vitest';
import type { InferenceRecord } from '../../inference/inference-record.ts';
import { LlmAbortError, LlmError } from '../errors/errors.ts';
import type { Llm, LlmChunk } from './client.ts';
import { withRecords } from './recorded.ts';

const ANSWER: readonly LlmChunk[] = [
  { type: 'text', text: 'Twelve chars' },
  {
    type: 'end',
    usage: { inputTokens: 21, outputTokens: 4, totalTokens: 25 },
    finishReason: 'stop',
    isTruncated: false,
  },
];
const { signal } = new AbortController();
const QUESTION = { model: 'm', messages: [{ role: 'user' as const, content: 'Well?' }], signal };

function answering(chunks: readonly LlmChunk[], fault?: Error): Llm {
  return {
    provider: 'custom',
    async *stream() {
      yield* chunks;
      if (fault) throw fault;
    },
  };
}

async function recordsOf(llm: Llm, taken = Number.POSITIVE_INFINITY): Promise<InferenceRecord[]> {
  const records: InferenceRecord[] = [];
  const recorded = withRecords(llm, { record: (record) => records.push(record), onFault: () => {} });
  try {
    let left = taken;
    for await (const _ of recorded.stream(QUESTION)) if (--left <= 0) break;
  } catch {
    // The error is passed on to the caller, which another test checks.
  }
  return records;
}

test('every call is recorded once, however it ends', async () => {
  expect(await recordsOf(answering(ANSWER))).toMatchObject([
    { status: 'SUCCESS', input: 'Well?', output: 'Twelve chars', inputTokens: 21, tokensEstimated: false },
  ]);
  const fault = new LlmError('TIMEOUT', 'too slow');
  expect(await recordsOf(answering([], fault))).toMatchObject([
    { status: 'ERROR', errorCode: 'TIMEOUT', errorMessage: 'too slow', timeToFirstTokenMs: null },
  ]);
  expect(await recordsOf(answering(ANSWER.slice(0, 1), new LlmAbortError('aborted')))).toMatchObject([
    { status: 'ABORTED', errorCode: null, outputTokens: 3, tokensEstimated: true },
  ]);
  expect(await recordsOf(answering(ANSWER), 1)).toMatchObject([{ status: 'ABORTED' }]);
});

test('a refused call has zero tokens, which are not an estimate', async () => {
  const none = { inputTokens: 0, outputTokens: 0, tokensEstimated: false };
  const refusals = ['RATE_LIMITED', 'PERMISSION_DENIED', 'SERVICE_UNAVAILABLE', 'CONTEXT_TOO_LONG'] as const;
  for (const code of refusals)
    expect(await recordsOf(answering([], new LlmError(code, 'no')))).toMatchObject([none]);
});

test('the tokens of a call that failed after the first text or thought are estimated', async () => {
  const fault = new LlmError('SERVICE_UNAVAILABLE', 'down');
  const some = { inputTokens: 2, tokensEstimated: true };
  expect(await recordsOf(answering(ANSWER.slice(0, 1), fault))).toMatchObject([{ ...some, outputTokens: 3 }]);
  expect(await recordsOf(answering([{ type: 'thinking' }], fault))).toMatchObject([some]);
  expect(await recordsOf(answering([], new LlmError('TIMEOUT', 'silent')))).toMatchObject([some]);
  expect(await recordsOf(answering([], new LlmError('NO_ANSWER', 'empty')))).toMatchObject([some]);
});

test('an error of the recorder does not affect the call', async () => {
  const faults: unknown[] = [];
  const refusal = new Error('no more');
  const recorded = withRecords(answering(ANSWER), {
    record: () => {
      throw refusal;
    },
    onFault: (error) => faults.push(error),
  });
  const chunks: LlmChunk[] = [];
  for await (const chunk of recorded.stream(QUESTION)) chunks.push(chunk);
  expect(chunks).toEqual(ANSWER);
  expect(faults).toEqual([refusal]);
});

test('a record has the time at which the call began, by the given clock', async () => {
  const records: InferenceRecord[] = [];
  let now = 1_800_000_000_000.4;
  const recorded = withRecords(answering(ANSWER), {
    record: (record) => records.push(record),
    onFault: () => {},
    clock: { now: () => now },
  });
  for await (const _ of recorded.stream(QUESTION)) now += 1_000;
  expect(records[0]?.at).toBe(1_800_000_000_000);
});
