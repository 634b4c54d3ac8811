import { describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../domain/errors.ts';
import { describeRedisFailure } from './describe.ts';
import { asksToReconnect, redisFault, UNAVAILABLE_CODES, unavailableCode } from './errors.ts';

const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' });

describe('an answer of Redis that says "not now"', () => {
  test.each(UNAVAILABLE_CODES)('%s is unavailable, however a script passes it on', (code) => {
    for (const message of [
      `${code} told by Redis itself`,
      `${code} told by Redis 7. script: 4970ac, on @user_script:1.`,
      `ERR Error running script (call to f_4970ac): @user_script:1: @user_script: 1: -${code} told by Redis 6`,
    ]) {
      expect(unavailableCode(reply(message)), message).toBe(code);
      expect(redisFault(reply(message)), message).toBeInstanceOf(StoreUnavailableError);
    }
    expect(describeRedisFailure(redisFault(reply(`${code} x`)))).toMatch(/^(It|Its|A) .*\.$/);
    expect(describeRedisFailure(redisFault(reply(`${code} x`)))).not.toBe('It does not answer.');
  });

  test('so is a server that takes no more connections', () => {
    expect(unavailableCode(reply('ERR max number of clients reached'))).toBe('MAXCLIENTS');
  });

  test.each([
    'Connection is closed.',
    'Command timed out',
    'Too many Cluster redirections. Last error: Error',
    "Stream isn't writeable and enableOfflineQueue options is false",
  ])('so is what is no answer at all: %s', (message) => {
    expect(redisFault(new Error(message))).toBeInstanceOf(StoreUnavailableError);
    expect(describeRedisFailure(new Error(message))).toBe('It does not answer.');
  });

  test.each(['WRONGTYPE Operation against a key', 'ERR unknown command', 'CROSSSLOT Keys in request'])(
    '%s is a fault of ours',
    (message) => {
      const refusal = reply(message);
      expect(redisFault(refusal)).toBe(refusal);
    },
  );

  test('of a server that is no master any more, or that starts, another connection is made', () => {
    const asking = UNAVAILABLE_CODES.filter((code) => asksToReconnect(reply(`${code} x`)));
    expect(asking).toEqual(['LOADING', 'MASTERDOWN', 'READONLY', 'UNBLOCKED']);
  });
});
