import type { Client } from '@urql/core';
import { expect, it } from 'vitest';
import { sendMessage } from './send-message.ts';

const LIMITED = { sendMessage: { __typename: 'RateLimitedError', message: '', retryAfterMs: 1_500 } };
const SENT = { sendMessage: { __typename: 'SendMessageSuccess', sentMessage: { id: 'm1' }, turnId: 't1' } };

/** Sends a message to a server that gives these answers. */
async function sending(...answers: object[]) {
  const ids: string[] = [];
  const pauses: number[] = [];
  const urql = {
    mutation: (_document: unknown, { input }: { input: { clientMessageId: string } }) => ({
      toPromise: async () => {
        ids.push(input.clientMessageId);
        return { data: answers[Math.min(ids.length, answers.length) - 1] };
      },
    }),
  } as unknown as Client;
  const pause = async (ms: number) => void pauses.push(ms);
  return {
    result: await sendMessage(
      urql,
      'c1',
      pause,
    )({ text: 'Hi', clientMessageId: 'id1', seen: null, whileSpeaking: 'AUTO' }),
    ids,
    pauses,
  };
}

it('a message that comes too soon is sent again, with the same id, when the server says', async () => {
  expect(await sending(LIMITED, SENT)).toEqual({
    result: { messageId: 'm1', turnId: 't1' },
    ids: ['id1', 'id1'],
    pauses: [1_500],
  });
});

it('a message that stays refused fails after a few tries, and can be tried again', async () => {
  const { result, ids } = await sending(LIMITED);
  expect(result).toMatchObject({ problem: { text: expect.stringContaining('2 s'), retryable: true } });
  expect(ids).toHaveLength(4);
});
