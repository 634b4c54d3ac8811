import { expect, test } from 'vitest';
import { ConfigError, loadConfig, processesOf } from './config.ts';

const DATABASE_URL = 'postgresql://127.0.0.1/x';
const REDIS_URL = 'redis://127.0.0.1';
const BOTH = { DATABASE_URL, REDIS_URL };

test.each([
  ['auto', BOTH, 4, 4],
  ['auto', BOTH, 1, 1],
  ['auto', BOTH, 96, 8],
  ['auto', {}, 4, 1],
  ['auto', { DATABASE_URL }, 4, 1],
  ['auto', { REDIS_URL }, 4, 1],
  ['1', {}, 4, 1],
  ['1', BOTH, 4, 1],
  ['12', BOTH, 4, 12],
])('PROCESSES %s with %j on %i cores is %i', (value, stores, cores, count) => {
  expect(processesOf(loadConfig({ PROCESSES: value, ...stores }), cores)).toBe(count);
});

test.each([{}, { DATABASE_URL }, { REDIS_URL }])('several processes cannot share %j', (stores) => {
  const config = loadConfig({ PROCESSES: '2', ...stores });
  expect(() => processesOf(config)).toThrow(ConfigError);
  expect(() => processesOf(config)).toThrow(/^PROCESSES above 1 requires DATABASE_URL and REDIS_URL/);
});

test.each(['0', '65', 'all', '1.5', '-1'])('PROCESSES %s is refused', (value) => {
  expect(() => loadConfig({ PROCESSES: value })).toThrow(
    'PROCESSES must be auto or a whole number from 1 to 64',
  );
});
