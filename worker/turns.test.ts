import { trace } from '@opentelemetry/api';
import { v7 as uuidv7 } from 'uuid';
import { beforeEach, describe, expect, test } from 'vitest';
import { FeedUnavailableError, type TurnEnding } from '../core/feed/feed.ts';
import { Listener } from '../core/feed/listener.ts';
import { MemoryFeed } from '../core/feed/memory.ts';
import type { LlmChunk } from '../core/llm/client.ts';
import { LlmError } from '../core/llm/errors.ts';
import { createRedact } from '../core/redaction/redact.ts';
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
  let at: number;
  const logged: string[] = [];
  const { signal } = new AbortController();

  beforeEach(async () => {
    turnId = uuidv7();
    feed = new MemoryFeed();
    owed = turnId;
    settled = [];
    asked = 0;
    at = 0;
    logged.length = 0;
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
      redact: createRedact({ phoneRegions: ['IN'] }),
      tracer: trace.getTracer('test'),
      log: createLog({ level: 'warn', format: 'json', to: { write: (line) => logged.push(line) } }),
      now: () => at,
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

  /** The answer of a model that thinks for three seconds, says something, and thinks again. */
  async function* thoughtful(): AsyncGenerator<LlmChunk> {
    for (at = 0; at <= 3_000; at += 250) {
      yield { type: 'thinking' };
      await new Promise(setImmediate);
    }
    yield { type: 'text', text: 'Yes, ' };
    while ((await feed.state(conversationId)).turn?.text === '') await new Promise(setImmediate);
    at += 5_000;
    yield { type: 'thinking' };
    await new Promise(setImmediate);
    yield { type: 'text', text: 'no.' };
    yield end;
  }

  test('[P-33] has its thinking published at most once a second, between its start and its end, and is spoken as ever', async () => {
    const { epoch } = await feed.state(conversationId);
    const listener = new Listener(feed, conversationId, { epoch, seq: 0 });
    answer = thoughtful;
    await run();
    const heard = await listener.takeUntil(({ type }) => type === 'TurnCompleted');
    listener.stop();
    expect(heard.map((event) => (event.type === 'TurnThinking' ? event.seconds : event.type))).toEqual([
      ...['TurnStarted', 0, 1, 2, 3, 'TurnTextAdded', 0, 'TurnTextAdded', 'TurnCompleted'],
    ]);
    expect(settled).toMatchObject([{ text: 'Yes, no.', interruptionReason: null }]);
  });

  test('is spoken and stored though that its model thinks cannot be published', async () => {
    answer = thoughtful;
    feed.think = async () => {
      throw new FeedUnavailableError('away');
    };
    await run();
    expect(settled).toMatchObject([{ text: 'Yes, no.', interruptionReason: null }]);
  });

  test.each([
    ['as the feed says', false],
    ['as its speaker knows it, where the feed has lost it', true],
  ])('that stopped at its limit of tokens is stored as such, %s', async (_name, isLost) => {
    answer = async function* () {
      yield { type: 'text', text: 'And so' };
      yield { ...end, finishReason: 'length', isTruncated: true };
    };
    const { close } = feed;
    feed.close = async (...args) => {
      const closed = await close.apply(feed, args);
      if (isLost) await feed.remove(conversationId);
      return closed;
    };
    await run();
    expect(settled).toMatchObject([{ text: 'And so', isTruncated: true, interruptionReason: null }]);
  });

  test.each([
    ['that it stopped at its limit', { isTruncated: true }, true],
    ['that it did not', { isTruncated: false }, false],
    ['nothing of its limit, as an earlier release has it', {}, false],
  ])(
    'that ended with a speaker that died is stored by the next one, the feed saying %s',
    async (_name, said, isTruncated) => {
      const turn = await feed.claim(conversationId, turnId);
      if (!turn) throw new Error('not open');
      await feed.speak(conversationId, turn, 'And so', 2);
      await feed.close(conversationId, turn, { type: 'TurnCompleted', usage: null, ...said } as TurnEnding);
      await run();
      expect(settled).toMatchObject([{ text: 'And so', isTruncated, interruptionReason: null }]);
      expect(asked).toBe(0);
    },
  );

  test('that fails at what it had to say is not stored as one that stopped at its limit', async () => {
    answer = async function* () {
      yield { type: 'text', text: 'And so' };
      throw new LlmError('TIMEOUT', 'too slow', { partial: true });
    };
    await run();
    expect(settled).toMatchObject([{ isTruncated: false, interruptionReason: 'MODEL_FAILED' }]);
  });

  test('that fails is logged in the words of its provider, but for what they quote of people', async () => {
    answer = async function* () {
      yield* [];
      throw new LlmError('UNKNOWN', 'temperature is too hot for jane.doe@example.com', { status: 400 });
    };
    await run();
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'the model failed', code: 'UNKNOWN', status: 400, reason: 'temperature is too hot for [EMAIL]' },
    ]);
  });

  test('goes on where it was left, without what the model says of it again', async () => {
    const turn = await feed.claim(conversationId, turnId);
    if (turn) await feed.speak(conversationId, turn, 'The sea was calm and bl', 5);
    answer = async function* () {
      for (const text of ['calm ', 'and ', 'blue', '.']) yield { type: 'text', text };
      yield end;
    };
    await run();
    expect(settled).toMatchObject([{ turnId, text: 'The sea was calm and blue.', interruptionReason: null }]);
  });

  test('is whole where the model has nothing to add to it', async () => {
    for (const text of ['', 'The sea was calm.']) {
      const turn = await feed.claim(conversationId, turnId);
      if (turn?.text === '') await feed.speak(conversationId, turn, 'The sea was calm.', 5);
      answer = async function* () {
        if (text) yield { type: 'text', text };
        yield end;
      };
      await run();
      expect(settled.splice(0)).toMatchObject([{ text: 'The sea was calm.', interruptionReason: null }]);
      turnId = owed = uuidv7();
      await feed.begin(conversationId, begun());
    }
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
