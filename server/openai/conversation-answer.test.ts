import { expect, test } from 'vitest';
import type { HeardEvent } from '../../core/live/feed/events.ts';
import { PLAIN_MESSAGE } from '../../core/turns/answer.ts';
import type { Conversation, Message } from '../../generated/prisma/client.ts';
import type { Piece } from './answer.ts';
import { type ConversationServices, conversationAnswer } from './conversation-answer.ts';

const OWNER = { owner: 'alice', tenant: 'acme' };
const ID = '019f0000-0000-7000-8000-000000000001';
const QUESTION = '019f0000-0000-7000-8000-000000000002';
const TURN = '019f0000-0000-7000-8000-000000000003';
const LATER = '019f0000-0000-7000-8000-000000000004';
const CHAT = {
  ...{ model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }], stream: true, includeUsage: false },
  stop: [],
};

type Loose = Record<string, unknown> & { type: HeardEvent['type'] };

/** What is heard of a turn whose feed has these events; `stored`: what is stored of it while they are heard. */
async function hear(
  events: Loose[],
  { pendingTurnId = TURN, answer = null }: { pendingTurnId?: string | null; answer?: string | null } = {},
): Promise<Piece[]> {
  const row = { id: ID, model: 'm', lastTurnId: TURN, pendingTurnId } as Conversation;
  const at = new Date();
  const message = (id: string, role: Message['role'], content: string): Message => ({
    ...PLAIN_MESSAGE,
    ...{ id, conversationId: ID, role, content, status: 'COMPLETED', model: 'other', createdAt: at },
  });
  const question = message(QUESTION, 'USER', 'Hi');
  const services: ConversationServices = {
    feed: {
      state: async () => ({ epoch: 'e', seq: 0, turn: null }),
      async *subscribe() {
        for (const event of events) yield { epoch: 'e', seq: 1, at: 0, ...event } as HeardEvent;
      },
    },
    presence: { join: async () => () => {} },
    budget: { admission: () => undefined },
    turns: { send: async () => ({ conversation: row, message: question, turnId: TURN }) },
    ownRows: () => ({
      conversation: async () => row,
      messages: async () => [question, ...(answer === null ? [] : [message(TURN, 'ASSISTANT', answer)])],
    }),
  };
  const addressed = { conversation: `Conversation_${ID}`, key: undefined };
  const { signal } = new AbortController();
  const { pieces } = await conversationAnswer(CHAT, addressed, OWNER, services, signal);
  const heard: Piece[] = [];
  for await (const piece of pieces) heard.push(piece);
  return heard;
}

const started = (turnId: string): Loose => ({
  type: 'TurnStarted',
  turnId,
  cause: 'USER_MESSAGE',
  model: 'm',
});
const added = (text: string, offset: number): Loose => ({
  type: 'TurnTextAdded',
  turnId: TURN,
  text,
  offset,
});
const completed = (text: string): Loose => ({
  ...{ type: 'TurnCompleted', turnId: TURN, model: 'm', text, usage: null, isTruncated: true },
});
const textOf = (pieces: Piece[]) => pieces.map((piece) => (piece.type === 'text' ? piece.text : '')).join('');
const END = { type: 'end', usage: null, isTruncated: false };

test('texts that are replayed are passed on once, and events of other turns never', async () => {
  const other: Loose = { type: 'TurnTextAdded', turnId: QUESTION, text: 'other', offset: 0 };
  const events = [started(TURN), added('One', 0), other, added('One two', 0), added(' three', 7)];
  const pieces = await hear([...events, completed('One two three.')]);
  expect(textOf(pieces)).toBe('One two three.');
  expect(pieces.at(-1)).toEqual({ ...END, isTruncated: true });
});

test('a turn that a newer one supersedes before it begins has said nothing', async () => {
  expect(await hear([started(LATER)], { pendingTurnId: LATER })).toEqual([END]);
});

test('what was missed of a turn that is over is read', async () => {
  const events: Loose[] = [started(TURN), added('One', 0), { type: 'FeedReset' }];
  const pieces = await hear(events, { pendingTurnId: null, answer: 'One two.' });
  expect(pieces.slice(1)).toEqual([
    { type: 'text', text: 'One' },
    { type: 'model', model: 'other' },
    { type: 'text', text: ' two.' },
    END,
  ]);
});

test('a turn that goes on after its feed was lost is heard to its end', async () => {
  const events: Loose[] = [started(TURN), added('One', 0), { type: 'FeedReset' }, started(TURN)];
  expect(textOf(await hear([...events, added('One two', 0), completed('One two.')]))).toBe('One two.');
});

test('a feed that ends before the turn is an error that is not retried', async () => {
  await expect(hear([started(TURN)])).rejects.toMatchObject({
    ...{ status: 503, headers: { 'x-should-retry': 'false' } },
  });
});
