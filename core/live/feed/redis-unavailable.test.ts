import { Redis } from 'ioredis';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../domain/errors.ts';
import { throughBorder } from '../../redis/connect.ts';
import { UNAVAILABLE_CODES } from '../../redis/errors.ts';
import { createLog } from '../../telemetry/log.ts';
import { RedisPresence } from '../presence/redis.ts';
import type { Feed, OpenTurn } from './feed.ts';
import { RedisFeed } from './redis.ts';

const ANSWERS = [
  ...UNAVAILABLE_CODES.map((code) => `${code} reason given by Redis`),
  'ERR max number of clients reached',
];
const TURN: OpenTurn = {
  ...{ id: uuidv7(), epoch: 'e', fencingToken: 1, cause: 'USER_MESSAGE', model: 'm', text: '', tokens: 0 },
  ...{ startSeq: 1, startedAt: 0 },
};
const NEW_TURN = { id: TURN.id, cause: 'USER_MESSAGE', model: 'm' } as const;

/** Every step of the feed. */
const STEPS: Record<string, (feed: Feed, id: string) => Promise<unknown>> = {
  advance: (feed, id) => feed.advance(id, { pending: NEW_TURN, last: null, over: [], entries: [] }),
  claim: (feed, id) => feed.claim(id, TURN.id),
  speak: (feed, id) => feed.speak(id, TURN, 'word ', 1),
  think: (feed, id) => feed.think(id, TURN, 1),
  finish: (feed, id) => feed.finish(id, TURN, { type: 'TurnCompleted', usage: null, isTruncated: false }),
  fastForward: (feed, id) => feed.fastForward(id, TURN.id),
  notifySpeaker: (feed, id) => feed.notifySpeaker(id, TURN.id),
  append: (feed, id) => feed.append(id, [{ type: 'TypingNudge', text: 'x' }]),
  state: (feed, id) => feed.state(id),
  subscribe: (feed, id) => feed.subscribe(id, {}).next(),
  watchTurn: (feed, id) => feed.watchTurn(id, TURN.id, { onFenced: () => {}, onLost: () => {} }),
  remove: (feed, id) => feed.remove(id),
};

describe('a command that Redis refuses', () => {
  describe.each(Object.entries(STEPS))('%s', (_name, step) => {
    test.each(ANSWERS)('throws StoreUnavailableError at the reply "%s"', async (answer) => {
      await expect(step(feedOn(refusing(answer)), uuidv7())).rejects.toBeInstanceOf(StoreUnavailableError);
    });

    test('throws the error of any other reply unchanged', async () => {
      const failure = await step(feedOn(refusing('WRONGTYPE Operation')), uuidv7()).catch((error) => error);
      expect(failure).toMatchObject({ name: 'ReplyError', message: 'WRONGTYPE Operation' });
    });
  });

  test.each(ANSWERS)('of presence throws StoreUnavailableError at the reply "%s"', async (answer) => {
    const presence = new RedisPresence({ redis: refusing(answer), log: createLog(SILENT) });
    await expect(presence.isAnyone(uuidv7())).rejects.toBeInstanceOf(StoreUnavailableError);
    presence.fallSilent();
  });
});

test('a pipeline that Redis refuses has its faults, and leaves no rejection that nothing handles', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  const replies = await refusing('LOADING Redis is loading').pipeline().get('a').set('b', '1').exec();
  expect(replies?.map(([error]) => error?.message)).toEqual(Array(2).fill('LOADING Redis is loading'));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

const SILENT = { level: 'silent', format: 'json' } as const;

function feedOn(redis: Redis): Feed {
  const push = { attach: async () => () => {} } as never;
  return new RedisFeed({ redis, push, run: { current: 'run' } });
}

/** A client that gets the same error reply to every command, behind the border that the product's clients have. */
function refusing(answer: string): Redis {
  const redis = new Redis({ lazyConnect: true });
  redis.sendCommand = (command) => {
    command.reject(Object.assign(new Error(answer), { name: 'ReplyError' }));
    return command.promise;
  };
  throughBorder(redis);
  return redis;
}
