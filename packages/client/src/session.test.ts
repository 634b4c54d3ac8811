import type { SubscribePayload } from 'graphql-ws';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { MessagePartsFragment } from './gql/graphql.ts';
import { type ConversationEvent, type LoadedState, unansweredIn } from './live-state.ts';
import { Session } from './session.ts';
import { AT, activeTurn, answer, MODEL, partial, said, TIMEOUT } from './testing.ts';

interface Subscription {
  after: unknown;
  open: boolean;
  emit(event: object): void;
  refuse(): void;
}

let replies: (LoadedState | 'unreachable')[];
let stored: ConversationEvent[];
let loads: number;
let opened: Subscription[];
let pauses: number;
let session: Session;
const outbox = { claim: vi.fn(), settle: vi.fn() };

beforeEach(() => {
  replies = [];
  opened = [];
  loads = 0;
  pauses = 0;
  stored = [];
  session = new Session('c1', {
    async load(id) {
      expect(id).toBe('c1');
      loads += 1;
      const reply = replies.length > 1 ? replies.shift() : replies[0];
      if (reply === 'unreachable') return { problem: { text: 'No server.', retryable: true }, waitMs: 0 };
      return { conversation: reply ?? null };
    },
    store: (event) => stored.push(event),
    outbox,
    typing: { isOwn: false },
    socket: { subscribe },
    pause: async () => {
      pauses += 1;
    },
    schedule: (callback) => {
      callback();
      return () => {};
    },
  });
});

afterEach(() => session.stop());

function subscribe<Data>(
  payload: SubscribePayload,
  sink: { next(value: { data: Data }): void; error(e: unknown): void },
) {
  const subscription: Subscription = {
    after: payload.variables?.after,
    open: true,
    emit: (event) => sink.next({ data: { conversationEvents: event } as Data }),
    refuse: () => sink.error([{ message: 'no', extensions: { code: 'BAD_USER_INPUT' } }]),
  };
  opened.push(subscription);
  return () => {
    subscription.open = false;
  };
}

const conversation = (
  latestEventCursor: string,
  text: string | null,
  { nodes = [], ...change }: Partial<LoadedState> & { nodes?: MessagePartsFragment[] } = {},
): LoadedState => ({
  lastActivityAt: AT,
  model: MODEL,
  messages: { nodes },
  latestEventCursor,
  activeTurn: text === null ? null : activeTurn('t1', { text }),
  failure: null,
  ...change,
});
const added = (cursor: string, text: string, offset: number): ConversationEvent => ({
  __typename: 'TurnTextAdded',
  cursor,
  at: AT,
  turnId: 't1',
  text,
  offset,
});
const live = () => session.live.getSnapshot();
const following = (count: number) =>
  vi.waitFor(() => expect(opened).toHaveLength(count), { interval: 1, timeout: 60_000 });

it('starts with what has been spoken and continues from there', async () => {
  replies = [conversation('e5', 'Hello')];
  session.start();
  await following(1);
  expect(opened[0]?.after).toBe('e5');
  opened[0]?.emit(added('e6', ', you', 5));
  expect(live()?.turn?.text).toBe('Hello, you');
  expect(session.getPhase()).toEqual({ name: 'live' });
});

it('a reset loads the conversation again and continues after its new cursor', async () => {
  replies = [conversation('e5', 'Hello'), conversation('f9', 'Hello, again')];
  session.start();
  await following(1);
  opened[0]?.emit({ __typename: 'FeedReset', cursor: 'f1', at: AT });
  expect(opened[0]?.open).toBe(false);
  await following(2);
  expect(opened[1]?.after).toBe('f9');
  expect(live()?.turn?.text).toBe('Hello, again');
  expect(live()?.stale).toBe(false);
});

it('a gap in the text loads the conversation again', async () => {
  replies = [conversation('e5', 'Hello'), conversation('e9', 'Hello, you there')];
  session.start();
  await following(1);
  opened[0]?.emit(added('e8', ' there', 10));
  await following(2);
  expect(live()?.turn?.text).toBe('Hello, you there');
});

it('a refused cursor loads the conversation again, not in a hot loop', async () => {
  replies = [conversation('e5', null)];
  session.start();
  await following(1);
  opened[0]?.refuse();
  await following(2);
  expect(pauses).toBe(0);
  opened[1]?.refuse();
  await following(3);
  expect(pauses).toBe(1);
});

it('an unreachable server is tried until it answers, and the failure is shown', async () => {
  replies = ['unreachable', 'unreachable', conversation('e1', null)];
  const problems: unknown[] = [];
  session.subscribe(() => problems.push(session.getPhase()));
  session.start();
  await following(1);
  expect(loads).toBe(3);
  expect(problems).toContainEqual({ name: 'loading', problem: { text: 'No server.', retryable: true } });
});

it('a failed answer is shown and stored as its event says, with what was spoken of it', async () => {
  replies = [conversation('e5', 'Hello', { nodes: [said('u1')] })];
  session.start();
  await following(1);
  const failure = { ...TIMEOUT, turnId: 't1' };
  opened[0]?.emit({
    ...{ __typename: 'TurnFailed', cursor: 'e6', at: AT, turnId: 't1', failure },
    partial: partial('t1', 'Hell'),
  });
  expect(live()).toMatchObject({ failure: { code: 'TIMEOUT', messageId: 'u1' }, turn: { text: 'Hell' } });
  expect(stored).toMatchObject([{ __typename: 'TurnFailed', failure: { code: 'TIMEOUT' } }]);
});

it('text is not stored, and what is stored comes before what is shown', async () => {
  replies = [conversation('e5', 'Hello')];
  session.start();
  await following(1);
  opened[0]?.emit(added('e6', ', you', 5));
  expect(stored).toEqual([]);
  const seen: (number | undefined)[] = [];
  session.live.subscribe(() => seen.push(live()?.turn?.text.length, stored.length));
  const message = answer('t1', 'Hello, you.');
  opened[0]?.emit({ __typename: 'TurnCompleted', cursor: 'e7', at: AT, turnId: 't1', message });
  expect(seen).toEqual(['Hello, you.'.length, 1]);
});

it('the outbox gets the messages of a loaded thread, and each message that is received', async () => {
  replies = [conversation('e5', null, { nodes: [said('u1', { clientMessageId: 'i1' })] })];
  session.start();
  await following(1);
  expect(outbox.settle).toHaveBeenCalledWith([expect.objectContaining({ id: 'u1', clientMessageId: 'i1' })]);
  const message = said('u2', { clientMessageId: 'i2' });
  opened[0]?.emit({ __typename: 'MessageAdded', cursor: 'e6', at: AT, message });
  expect(outbox.claim).toHaveBeenCalledWith(message);
});

it('a message whose turn has not started does not count as unanswered, even after a reload', async () => {
  const pending = activeTurn('t1', { state: 'PENDING', startedAt: null });
  replies = [
    conversation('e5', null),
    conversation('f1', null, { nodes: [said('u1')], activeTurn: pending }),
  ];
  const seen: unknown[] = [];
  session.live.subscribe(() => {
    const state = live();
    if (state) seen.push(unansweredIn(state));
  });
  session.start();
  await following(1);
  opened[0]?.emit({ __typename: 'MessageAdded', cursor: 'e6', at: AT, message: said('u1') });
  opened[0]?.emit({ __typename: 'FeedReset', cursor: 'f0', at: AT });
  await following(2);
  opened[1]?.emit({
    ...{ __typename: 'TurnStarted', cursor: 'f2', at: AT, turnId: 't1', cause: 'USER_MESSAGE' },
    ...{ model: MODEL, fallback: null },
  });
  expect(live()?.turn).toMatchObject({ id: 't1', phase: 'thinking' });
  expect(new Set(seen)).toEqual(new Set([null]));
});

it('a cancel of a turn that has not begun reads the conversation again, because no event follows', async () => {
  const pending = activeTurn('t1', { state: 'PENDING', startedAt: null });
  replies = [
    conversation('e5', null, { nodes: [said('u1')], activeTurn: pending }),
    conversation('e5', null, { nodes: [said('u1')] }),
  ];
  session.start();
  await following(1);
  expect(live()?.pending?.turnId).toBe('t1');
  await session.cancelled('t1', null);
  expect(loads).toBe(2);
  expect(opened.map(({ open }) => open)).toEqual([false, true]);
  expect(live()?.pending).toBeNull();
  expect(session.live.latest && unansweredIn(session.live.latest)).toBe('u1');
});

it('a cancel of a turn that has begun ends it with what is stored, or waits for its event', async () => {
  replies = [conversation('e5', 'Hello', { nodes: [said('u1')] })];
  session.start();
  await following(1);
  await session.cancelled('t1', null);
  expect(live()?.turn?.phase).toBe('speaking');
  await session.cancelled('t1', partial('t1', 'Hell'));
  expect(live()?.turn).toMatchObject({ phase: 'ended', text: 'Hell' });
  await session.cancelled('t1', null);
  expect(loads).toBe(1);
});

it('a turn that the server has accepted is pending until its event', async () => {
  replies = [conversation('e5', null, { nodes: [said('u1', { failure: TIMEOUT })] })];
  session.start();
  await following(1);
  expect(live()?.failure?.messageId).toBe('u1');
  session.accepted('t2', 'u1');
  expect(live()?.pending).toEqual({ turnId: 't2', messageId: 'u1' });
});

it('of two loads at once the newer one counts, and one feed is followed', async () => {
  replies = [conversation('e5', 'Hello')];
  session.start();
  await session.reload();
  await following(1);
  expect(session.getPhase()).toEqual({ name: 'live' });
  expect(opened.filter(({ open }) => open)).toHaveLength(1);
});

it('a conversation that does not exist is missing, for good', async () => {
  session.start();
  await vi.waitFor(() => expect(session.getPhase()).toEqual({ name: 'missing' }), {
    interval: 1,
    timeout: 60_000,
  });
  expect(opened).toEqual([]);
});

it('a stopped session does not follow its feed', async () => {
  replies = [conversation('e5', 'Hello')];
  session.start();
  await following(1);
  session.stop();
  expect(opened[0]?.open).toBe(false);
  expect(session.getPhase()).toEqual({ name: 'stopped' });
});
