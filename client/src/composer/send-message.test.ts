import type { Client } from '@urql/core';
import { expect, it } from 'vitest';
import { sendMessage } from './send-message.ts';

const LIMITED = {
  data: { sendMessage: { __typename: 'RateLimitedError', message: '', retryAfterMs: 1_500 } },
};
const SENT = {
  data: { sendMessage: { __typename: 'SendMessageSuccess', sentMessage: { id: 'm1' }, turnId: 't1' } },
};

const UNREACHABLE = { error: { networkError: new Error('lost'), graphQLErrors: [] } };
const coded = (code: string) => ({ error: { graphQLErrors: [{ message: '', extensions: { code } }] } });
const of = (__typename: string) => ({ data: { sendMessage: { __typename, message: '', fieldErrors: [] } } });

/** Sends a message to a server that gives these answers, the last one for ever. */
async function sending(answers: object[], isAwaited = () => true) {
  const ids: string[] = [];
  const pauses: number[] = [];
  const urql = {
    mutation: (_document: unknown, { input }: { input: { clientMessageId: string } }) => ({
      toPromise: async () => {
        ids.push(input.clientMessageId);
        return answers[Math.min(ids.length, answers.length) - 1];
      },
    }),
  } as unknown as Client;
  const pause = async (ms: number) => void pauses.push(ms);
  const send = sendMessage(urql, 'c1', pause, isAwaited);
  const result = await send({ text: 'Hi', clientMessageId: 'id1', seen: null, whileSpeaking: 'AUTO' });
  return { result, ids, pauses };
}

it('a message that comes too soon is sent again, with the same id, when the server says', async () => {
  const { result, ids, pauses } = await sending([LIMITED, SENT]);
  expect(result).toEqual({ messageId: 'm1', turnId: 't1' });
  expect(ids).toEqual(['id1', 'id1']);
  expect(pauses).toEqual([1_500]);
});

it.each([
  ['no server', UNREACHABLE],
  ['an answer without data', {}],
  ['one that is unavailable', of('UnavailableError')],
  ['one that does not know what became of it', of('OutcomeUnknownError')],
  ['one that takes no more calls now', coded('RATE_LIMITED')],
  ['one whose store is unavailable', coded('UNAVAILABLE')],
])(
  'a message that meets %s is sent until it is accepted, with the same id and ever longer pauses',
  async (_, failure) => {
    const { result, ids, pauses } = await sending([failure, failure, failure, failure, failure, SENT]);
    expect(result).toEqual({ messageId: 'm1', turnId: 't1' });
    expect(new Set(ids)).toEqual(new Set(['id1']));
    expect(pauses).toHaveLength(5);
    expect(pauses[4]).toBeGreaterThan(pauses[0] ?? 0);
  },
);

it.each([
  ['its text is refused', of('InvalidInputError'), false],
  ['the conversation is not there', of('NotFoundError'), false],
  ['it may not wait', of('BusyError'), true],
  ['the caller may not', coded('FORBIDDEN'), false],
])('a message is not sent again where %s', async (_, refusal, retryable) => {
  const { result, ids } = await sending([refusal, SENT]);
  expect(result).toMatchObject({ problem: { retryable } });
  expect(ids).toHaveLength(1);
});

it('a message that has arrived is not sent again, though its requests fail', async () => {
  const { result, ids } = await sending([UNREACHABLE], () => false);
  expect(result).toMatchObject({ problem: { retryable: true } });
  expect(ids).toHaveLength(1);
});
