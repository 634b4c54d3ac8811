import { trace } from '@opentelemetry/api';
import { createRedact } from '@taskflow/redaction';
import { beforeEach, describe, expect, test } from 'vitest';
import { StoreUnavailableError, UnavailableError } from '../core/domain/errors.ts';
import { LOCAL_OWNER } from '../core/domain/owner.ts';
import { Listener } from '../core/live/feed/listener.ts';
import { MemoryFeed } from '../core/live/feed/memory.ts';
import { MemoryPresence } from '../core/live/presence/memory.ts';
import type { LlmChunk } from '../core/llm/calls/client.ts';
import { LlmError } from '../core/llm/errors/errors.ts';
import type { TurnRest } from '../core/store/turn-rest.ts';
import { createLog } from '../core/telemetry/log.ts';
import { TestConversation } from '../test/support/turns.ts';
import { TurnSpeaker, type TurnSpeakerOptions } from './turn-speaker.ts';

/** One conversation with a pending turn. */
describe('a turn whose feed is lost, or whose speaker stops, while it is spoken', () => {
  let talk: TestConversation;
  let conversationId: string;
  let turnId: string;
  let feed: MemoryFeed;
  let presence: MemoryPresence;
  let asked: number;
  let answer: () => AsyncGenerator<LlmChunk>;
  let options: TurnSpeakerOptions;
  let speaker: TurnSpeaker;
  let at: number;
  const logged: string[] = [];
  const { signal } = new AbortController();

  beforeEach(async () => {
    feed = new MemoryFeed();
    presence = new MemoryPresence();
    talk = new TestConversation(feed);
    conversationId = talk.id;
    asked = 0;
    at = 0;
    logged.length = 0;
    options = {
      feed,
      reads: { find: async () => (talk.stored.rows.get(conversationId) ?? null) as never },
      turns: { drive: (_id, own) => talk.drive(own), endSentence: async () => false },
      rests: talk.rests,
      presence,
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
      shortestRestMs: Number.POSITIVE_INFINITY,
    };
    speaker = new TurnSpeaker(options);
    turnId = await talk.send();
  });

  /** The stored answer of the turn. */
  const stored = () => talk.answer(turnId);
  const run = () => speaker.run({ conversationId, turnId, ...LOCAL_OWNER }, signal);
  const end: LlmChunk = { type: 'end', usage: null, finishReason: 'stop', isTruncated: false };

  test('is still pending when its speaker was fenced before the loss, and is answered by the next attempt', async () => {
    answer = async function* () {
      // Another worker claims the turn, and then the feed is lost.
      await feed.claim(conversationId, turnId);
      await feed.lose(conversationId);
      yield { type: 'text', text: 'Never heard' };
    };
    await expect(run()).rejects.toThrow('still pending');
    expect([talk.pending, stored()]).toEqual([turnId, undefined]);

    answer = async function* () {
      yield { type: 'text', text: 'Here it is.' };
      yield end;
    };
    await run();
    expect(stored()).toMatchObject({ content: 'Here it is.', status: 'COMPLETED' });
    expect(asked).toBe(2);
  });

  test('reports its first words once, when the feed has them', async () => {
    const first: object[] = [];
    speaker = new TurnSpeaker({ ...options, onFirstWords: (turn) => first.push(turn) });
    answer = async function* () {
      expect(first).toEqual([]);
      yield { type: 'text', text: 'Here it is. ' };
      yield { type: 'text', text: 'And more.' };
      yield end;
    };
    await run();
    expect(first).toEqual([{ turnId, model: 'm' }]);
  });

  test('is spoken again in a feed that is lost after the turn has ended, and stored whole', async () => {
    answer = async function* () {
      yield { type: 'text', text: 'All of it.' };
      yield end;
    };
    const { finish } = feed;
    let losses = 0;
    feed.finish = async (...args) => {
      const finished = await finish.apply(feed, args);
      if (losses++ === 0) await feed.lose(conversationId);
      return finished;
    };
    await expect(run()).rejects.toThrow('still pending');
    expect((await feed.state(conversationId)).turn?.text).toBe('All of it.');
    answer = async function* () {
      yield end;
    };
    await run();
    expect(stored()).toMatchObject({ content: 'All of it.', status: 'COMPLETED' });
  });

  test('is not spoken once it is no longer pending', async () => {
    answer = async function* () {
      await talk.send('Something else');
      await feed.lose(conversationId);
      yield { type: 'text', text: 'Never heard' };
    };
    const first = turnId;
    await run();
    expect([talk.answer(first), talk.pending === first]).toEqual([undefined, false]);
  });

  test('is not opened again when its conversation was deleted after the claim', async () => {
    answer = async function* () {
      yield { type: 'text', text: 'Never heard' };
      yield end;
    };
    const { watchTurn } = feed;
    feed.watchTurn = async (...args) => {
      await talk.delete();
      return watchTurn.apply(feed, args);
    };
    await run();
    expect(stored()).toBeUndefined();
    expect((await feed.state(conversationId)).seq).toBe(0);
  });

  describe('at a reader’s pace', () => {
    const TEXT = 'One two three four five six seven eight nine ten.';
    beforeEach(async () => {
      const row = talk.stored.rows.get(conversationId);
      if (row) talk.stored.rows.set(conversationId, { ...row, pacing: 'READING', readingWpm: 150 });
      answer = async function* () {
        yield { type: 'text', text: TEXT };
        yield end;
      };
    });

    test('that is fast-forwarded is spoken at once by the worker that claims it later', async () => {
      await feed.fastForward(conversationId, turnId);
      await run();
      expect(stored()).toMatchObject({ content: TEXT, status: 'COMPLETED' });
    });

    test('that is fast-forwarded while it is spoken is spoken at once from then on', async () => {
      const { speak } = feed;
      const said: string[] = [];
      feed.speak = async (...args) => {
        said.push(args[2]);
        const outcome = await speak.apply(feed, args);
        await feed.fastForward(conversationId, turnId);
        return outcome;
      };
      await run();
      expect(said).toEqual(['One ', TEXT.slice(4)]);
      expect(stored()).toMatchObject({ content: TEXT, status: 'COMPLETED' });
    });
  });

  describe('at a reader’s pace, whose model has finished,', () => {
    const TEXT = 'One two three four five six seven eight nine ten.';
    const job = () => ({ conversationId, turnId, ...LOCAL_OWNER });
    const runRest = (stop = signal) => speaker.runRest(job(), stop);
    beforeEach(() => {
      const row = talk.stored.rows.get(conversationId);
      if (row) talk.stored.rows.set(conversationId, { ...row, pacing: 'READING', readingWpm: 150 });
      speaker = new TurnSpeaker({ ...options, shortestRestMs: 1_000 });
      answer = async function* () {
        yield { type: 'text', text: TEXT };
        yield { ...end, isTruncated: true };
      };
    });

    test('is left to another job, which speaks it on and does not ask the model', async () => {
      expect(await speaker.passOn(job(), signal)).toBe(false);
      await run();
      expect([talk.restJobs, talk.pending, stored()]).toEqual([[turnId], turnId, undefined]);
      expect(await talk.rests.find(job())).toMatchObject({ text: TEXT, readingWpm: 150, model: 'm' });
      // Its first job is run again, as after a crash.
      expect(await speaker.passOn(job(), signal)).toBe(true);
      expect(talk.restJobs).toEqual([turnId, turnId]);
      await feed.fastForward(conversationId, turnId);
      await runRest();
      expect(stored()).toMatchObject({ content: TEXT, status: 'COMPLETED', isTruncated: true });
      expect([asked, talk.stored.rests.size]).toEqual([1, 0]);
      // Its second job is run again.
      await runRest();
      expect(asked).toBe(1);
    });

    test('is spoken at the speed at which it was stored', async () => {
      await run();
      const row = talk.stored.rows.get(conversationId);
      if (row) talk.stored.rows.set(conversationId, { ...row, pacing: 'INSTANT', readingWpm: 900 });
      const { speak } = feed;
      const said: string[] = [];
      feed.speak = async (...args) => {
        said.push(args[2]);
        const outcome = await speak.apply(feed, args);
        if (said.length === 2) await feed.fastForward(conversationId, turnId);
        else at += 400;
        return outcome;
      };
      const before = (await feed.state(conversationId)).turn?.text ?? '';
      await runRest();
      const [first, second] = TEXT.slice(before.length).split(/(?<= )/);
      expect(said.slice(0, 2)).toEqual([first, second]);
      expect(before + said.join('')).toBe(TEXT);
    });

    test('ends as its model has: with what it said, and its failure', async () => {
      answer = async function* () {
        yield { type: 'text', text: TEXT };
        throw new LlmError('TIMEOUT', 'too slow', { partial: true });
      };
      await run();
      expect(talk.pending).toBe(turnId);
      await feed.fastForward(conversationId, turnId);
      await runRest();
      expect(stored()).toMatchObject({ content: TEXT, interruptionReason: 'MODEL_FAILED' });
      expect(logged.map((line) => JSON.parse(line).msg)).toEqual(['the model failed']);
    });

    test('is handed over when its worker stops, and spoken whole where there is no other', async () => {
      await run();
      const stop = new AbortController();
      stop.abort();
      await expect(runRest(stop.signal)).rejects.toThrow('the worker stops');
      expect([talk.pending, stored()]).toEqual([turnId, undefined]);
      speaker = new TurnSpeaker({ ...options, onStop: 'interrupt' });
      await runRest(stop.signal);
      expect(stored()).toMatchObject({ content: TEXT, status: 'COMPLETED' });
    });

    test('is discarded when another worker has spoken otherwise since, and the turn goes on from there', async () => {
      await run();
      talk.stored.rests.set(conversationId, {
        ...(await talk.rests.find(job())),
        text: 'Something else',
      } as TurnRest);
      talk.jobs.length = 0;
      const turn = await feed.claim(conversationId, turnId);
      if (turn?.text === '') await feed.speak(conversationId, turn, 'One ', 1);
      await runRest();
      expect([talk.jobs, talk.pending, talk.stored.rests.size]).toEqual([[turnId], turnId, 0]);
    });
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

  test('[P-33] has its thinking published at most once a second, between its start and its end, and leaves its text unchanged', async () => {
    const { epoch } = await feed.state(conversationId);
    const listener = new Listener(feed, conversationId, { epoch, seq: 0 });
    answer = thoughtful;
    await run();
    await listener.takeUntil(({ type }) => type === 'ConversationUpdated');
    const heard = await listener.takeUntil(({ type }) => type === 'TurnCompleted');
    listener.stop();
    expect(heard.map((event) => (event.type === 'TurnThinking' ? event.seconds : event.type))).toEqual([
      ...['TurnStarted', 0, 1, 2, 3, 'TurnTextAdded', 0, 'TurnTextAdded', 'TurnCompleted'],
    ]);
    expect(stored()).toMatchObject({ content: 'Yes, no.', status: 'COMPLETED' });
  });

  test('is spoken and stored even if its thinking cannot be published', async () => {
    answer = thoughtful;
    feed.think = async () => {
      throw new StoreUnavailableError('unavailable');
    };
    await run();
    expect(stored()).toMatchObject({ content: 'Yes, no.', status: 'COMPLETED' });
  });

  test('that stopped at its token limit is stored as truncated', async () => {
    answer = async function* () {
      yield { type: 'text', text: 'And so' };
      yield { ...end, finishReason: 'length', isTruncated: true };
    };
    await run();
    expect(stored()).toMatchObject({ content: 'And so', isTruncated: true, status: 'COMPLETED' });
  });

  test.each([true, false])(
    'that has ended, and whose speaker died, is stored by the next one, truncated: %s',
    async (isTruncated) => {
      const turn = await feed.claim(conversationId, turnId);
      if (!turn) throw new Error('not open');
      await feed.speak(conversationId, turn, 'And so', 2);
      await feed.finish(conversationId, turn, { type: 'TurnCompleted', usage: null, isTruncated });
      await run();
      expect(stored()).toMatchObject({ content: 'And so', isTruncated, status: 'COMPLETED' });
      expect(asked).toBe(0);
    },
  );

  test('whose model fails in mid-answer is not stored as truncated', async () => {
    answer = async function* () {
      yield { type: 'text', text: 'And so' };
      throw new LlmError('TIMEOUT', 'too slow', { partial: true });
    };
    await run();
    expect(stored()).toMatchObject({ isTruncated: false, interruptionReason: 'MODEL_FAILED' });
  });

  test('that fails is logged with the redacted message of the provider', async () => {
    answer = async function* () {
      yield* [];
      throw new LlmError('UNKNOWN', 'temperature is too hot for jane.doe@example.com', { status: 400 });
    };
    await run();
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'the model failed', code: 'UNKNOWN', status: 400, reason: 'temperature is too hot for [EMAIL]' },
    ]);
  });

  test('is retried when a step fails for another reason than the model', async () => {
    answer = async function* () {
      yield { type: 'text', text: 'Once upon a time.' };
      yield end;
    };
    const { speak } = feed;
    feed.speak = async () => {
      throw new Error('unexpected state');
    };
    await expect(run()).rejects.toThrow('unexpected state');
    expect([talk.pending, stored()]).toEqual([turnId, undefined]);
    feed.speak = speak;
    await run();
    expect(stored()).toMatchObject({ content: 'Once upon a time.', status: 'COMPLETED' });
  });

  test('fails at the fifth attempt when an internal error repeats', async () => {
    answer = async function* () {
      yield { type: 'text', text: 'Once upon a time.' };
      yield end;
    };
    feed.speak = async () => {
      throw new Error('unexpected state');
    };
    await speaker.run({ conversationId, turnId, ...LOCAL_OWNER }, signal, 5);
    expect(talk.pending).toBeNull();
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'the model failed', code: 'UNKNOWN', reason: 'unexpected state' },
    ]);
  });

  test('fails when the model reports an abort that the speaker did not cause', async () => {
    // biome-ignore lint/correctness/useYield: it fails before its first word
    answer = async function* () {
      throw Object.assign(new Error('Request was aborted'), { status: 500 });
    };
    await run();
    expect(talk.pending).toBeNull();
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  test.each([
    new StoreUnavailableError('Redis does not answer'),
    new StoreUnavailableError('Redis does not answer'),
    new UnavailableError(),
  ])('continues once the store is available again: $name', async (error) => {
    answer = async function* () {
      yield { type: 'text', text: 'Once upon a time.' };
      yield end;
    };
    const { speak } = feed;
    feed.speak = async () => {
      feed.speak = speak;
      throw error;
    };
    await run();
    expect(stored()).toMatchObject({ content: 'Once upon a time.', status: 'COMPLETED' });
    expect(asked).toBe(1);
  });

  test('continues from what was spoken, without what the model repeats of it', async () => {
    const turn = await feed.claim(conversationId, turnId);
    if (turn) await feed.speak(conversationId, turn, 'The sea was calm and bl', 5);
    answer = async function* () {
      for (const text of ['calm ', 'and ', 'blue', '.']) yield { type: 'text', text };
      yield end;
    };
    await run();
    expect(stored()).toMatchObject({ content: 'The sea was calm and blue.', status: 'COMPLETED' });
  });

  test('is whole when the model has nothing to add', async () => {
    for (const text of ['', 'The sea was calm.']) {
      const turn = await feed.claim(conversationId, turnId);
      if (turn?.text === '') await feed.speak(conversationId, turn, 'The sea was calm.', 5);
      answer = async function* () {
        if (text) yield { type: 'text', text };
        yield end;
      };
      await run();
      expect(stored()).toMatchObject({ content: 'The sea was calm.', status: 'COMPLETED' });
      turnId = await talk.send('And then?');
    }
  });

  test('is handed over when the worker begins to stop during the claim', async () => {
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
    await expect(speaker.run({ conversationId, turnId, ...LOCAL_OWNER }, stop.signal)).rejects.toThrow(
      'the worker stops',
    );
    expect([talk.pending, stored()]).toEqual([turnId, undefined]);
  });
});
