import { describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../domain/errors.ts';
import { describeRedisFailure } from './describe.ts';
import { asksToReconnect, redisFault, UNAVAILABLE_CODES, unavailableCode } from './errors.ts';

const reply = (message: string) => Object.assign(new Error(message), { name: 'ReplyError' });

describe('an answer of Redis that means unavailable', () => {
  test.each(UNAVAILABLE_CODES)(
    '%s means unavailable, in every form in which a script passes it on',
    (code) => {
      for (const message of [
        `${code} from Redis itself`,
        `${code} from Redis 7. script: 4970ac, on @user_script:1.`,
        `ERR Error running script (call to f_4970ac): @user_script:1: @user_script: 1: -${code} from Redis 6`,
      ]) {
        expect(unavailableCode(reply(message)), message).toBe(code);
        expect(redisFault(reply(message)), message).toBeInstanceOf(StoreUnavailableError);
      }
      expect(describeRedisFailure(redisFault(reply(`${code} x`)))).toMatch(/^(It|Its|A) .*\.$/);
      expect(describeRedisFailure(redisFault(reply(`${code} x`)))).not.toBe('It does not answer.');
    },
  );

  test('a server that takes no more connections is unavailable', () => {
    expect(unavailableCode(reply('ERR max number of clients reached'))).toBe('MAXCLIENTS');
  });

  test.each([
    'Connection is closed.',
    'Command timed out',
    'Too many Cluster redirections. Last error: Error',
    "Stream isn't writeable and enableOfflineQueue options is false",
  ])('a failure without an answer means unavailable: %s', (message) => {
    expect(redisFault(new Error(message))).toBeInstanceOf(StoreUnavailableError);
    expect(describeRedisFailure(new Error(message))).toBe('It does not answer.');
  });

  test.each(['WRONGTYPE Operation against a key', 'ERR unknown command', 'CROSSSLOT Keys in request'])(
    '%s is not unavailability but a bug of the caller',
    (message) => {
      const refusal = reply(message);
      expect(redisFault(refusal)).toBe(refusal);
    },
  );

  test('the client reconnects to a server that is no longer a master, or that starts', () => {
    const asking = UNAVAILABLE_CODES.filter((code) => asksToReconnect(reply(`${code} x`)));
    expect(asking).toEqual(['LOADING', 'MASTERDOWN', 'READONLY', 'UNBLOCKED']);
  });
});
