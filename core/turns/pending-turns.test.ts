import { expect, test, vi } from 'vitest';
import { TestConversation } from '../../test/support/turns.ts';
import { MemoryFeed } from '../live/feed/memory.ts';
import { PendingTurns } from './pending-turns.ts';

test('a turn whose rest is stored has the model that answered, and the words that were known then', async () => {
  const talk = new TestConversation(new MemoryFeed());
  const turnId = await talk.send();
  const fallback = { requestedModel: 'm', unavailability: 'UNAVAILABLE' } as const;
  await talk.rests.keep({
    ...{ conversationId: talk.id, turnId, text: 'One two three', spoken: 8, tokens: 2, model: 'n', fallback },
    ...{ ending: { type: 'TurnCompleted', usage: null, isTruncated: false }, readingWpm: 300 },
  });
  const row = talk.stored.rows.get(talk.id);
  if (!row) throw new Error('there is no such conversation');
  const chooseModel = vi.fn(() => {
    throw new Error('a model is chosen');
  });
  const models = { seek: chooseModel } as never;
  const pending = new PendingTurns({ models, modelHealth: {} as never, store: talk.stored });
  const turn = await pending.choose({ ...row, pacing: 'READING' });
  const spoken = { text: 'One two ', tokens: 2 };
  expect(turn).toEqual({ id: turnId, cause: 'USER_MESSAGE', model: 'n', fallback, spoken });
  await talk.rests.discard({ conversationId: talk.id, turnId, owner: 'o', tenant: 't' });
  await expect(pending.choose({ ...row, pacing: 'READING' })).rejects.toThrow('a model is chosen');
});
