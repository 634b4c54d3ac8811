import { trace } from '@opentelemetry/api';
import { v7 as uuidv7 } from 'uuid';
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryFeed } from '../core/feed/memory.ts';
import type { LlmChunk } from '../core/llm/client.ts';
import { createLog } from '../core/telemetry/log.ts';
import type { Answer } from '../core/turns/answer.ts';
import { TurnSpeaker } from './turns.ts';

/** One conversation that owes an answer, and what becomes of the debt. */
describe('a turn whose feed is lost, or whose speaker stops, while it is spoken', () => {
  const conversationId = uuidv7();
  let turnId: string;
  let feed: MemoryFeed;
  let owed: string | null;
  let settled: Answer[];
  let asked: number;
  let answer: () => AsyncGenerator<LlmChunk>;
  let speaker: TurnSpeaker;
  const { signal } = new AbortController();

  beforeEach(async () => {
    turnId = uuidv7();
    feed = new MemoryFeed();
    owed = turnId;
    settled = [];
    asked = 0;
    const conversation = () => ({
      ...{ id: conversationId, status: 'ACTIVE', pacing: 'INSTANT' },
      ...{ pendingTurnId: owed, pendingTurnCause: 'USER_MESSAGE' },
    });
    speaker = new TurnSpeaker({
      feed,
      store: {
        find: async () => conversation(),
        forgive: async () => {
          owed = null;
        },
      } as never,
      turns: {
        reopen: async () => (await feed.begin(conversationId, begun())).outcome,
        settle: async (_id: string, given: Answer) => {
          settled.push(given);
          owed = null;
        },
      } as never,
      llm: {
        provider: 'custom',
        stream: () => {
          asked += 1;
          return answer();
        },
      },
      prompter: { promptOf: async () => [] } as never,
      onStop: 'hand-over',
      tracer: trace.getTracer('test'),
      log: createLog({ level: 'silent', format: 'json' }),
    });
    await feed.begin(conversationId, begun());
  });

  const begun = () => ({ id: turnId, cause: 'USER_MESSAGE' as const, model: 'm' });
  const run = () => speaker.run({ conversationId, turnId }, signal);
  const end: LlmChunk = { type: 'end', usage: null, finishReason: 'stop', isTruncated: false };

  test('is still owed where its speaker was fenced before: the next try answers it', async () => {
    answer = async function* () {
      // Another worker has taken it over, and then the feed is lost with all that it knew.
      await feed.claim(conversationId, turnId);
      await feed.remove(conversationId);
      yield { type: 'text', text: 'Never heard' };
    };
    await expect(run()).rejects.toThrow('still owed');
    expect([owed, settled]).toEqual([turnId, []]);

    answer = async function* () {
      yield { type: 'text', text: 'Here it is.' };
      yield end;
    };
    await run();
    expect(settled).toMatchObject([{ turnId, text: 'Here it is.', interruptionReason: null }]);
    expect(asked).toBe(2);
  });

  test('is stored as its speaker knows it, where that had ended it', async () => {
    answer = async function* () {
      yield { type: 'text', text: 'All of it.' };
      yield end;
    };
    const { close } = feed;
    feed.close = async (...args) => {
      const closed = await close.apply(feed, args);
      await feed.remove(conversationId);
      return closed;
    };
    await run();
    expect(settled).toMatchObject([{ turnId, text: 'All of it.', interruptionReason: null }]);
  });

  test('is left alone once it is not owed any more', async () => {
    answer = async function* () {
      owed = uuidv7();
      await feed.remove(conversationId);
      yield { type: 'text', text: 'Never heard' };
    };
    await run();
    expect(settled).toEqual([]);
  });

  test('is not opened anew where its conversation was deleted after it was taken', async () => {
    answer = async function* () {
      yield { type: 'text', text: 'Never heard' };
      yield end;
    };
    const { watchTurn } = feed;
    feed.watchTurn = async (...args) => {
      owed = null;
      await feed.remove(conversationId);
      return watchTurn.apply(feed, args);
    };
    await run();
    expect(settled).toEqual([]);
    expect((await feed.state(conversationId)).seq).toBe(0);
  });

  test('is handed over, where the worker was told to stop while it took the turn', async () => {
    answer = async function* () {
      yield { type: 'text', text: 'Never heard' };
      yield end;
    };
    const stop = new AbortController();
    const { claim } = feed;
    feed.claim = async (...args) => {
      stop.abort();
      return claim.apply(feed, args);
    };
    await expect(speaker.run({ conversationId, turnId }, stop.signal)).rejects.toThrow('the worker stops');
    expect([owed, settled]).toEqual([turnId, []]);
  });
});
