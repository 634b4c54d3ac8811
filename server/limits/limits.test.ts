import { beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/config.ts';
import { RateLimitedError } from '../../core/domain/errors.ts';
import { MemoryRates } from '../../core/live/rates/memory.ts';
import { createMetrics } from '../../core/telemetry/metrics.ts';
import { Limits, type Origin } from './limits.ts';
import { networkOf } from './network-of.ts';
import { Refusals } from './refusals.ts';
import { Window } from './window.ts';

const SEVERAL = { AUTH_JWT_SECRET: 'a secret of at least thirty-two bytes' };
const metrics = createMetrics({ queues: async () => [] });
let now = 0;
const lines: object[] = [];
const log = { warn: (line: object) => lines.push(line) } as never;

function limitsWith(env: Record<string, string>): Limits {
  const refusals = new Refusals({ metrics, log, now: () => now });
  return new Limits({ config: loadConfig({ ...SEVERAL, ...env }), rates: new MemoryRates(), refusals });
}

const from = (owner = 'ann', address = '192.0.2.1', connection: object | null = null): Origin => ({
  owner: { owner, tenant: 'default' },
  address,
  connection,
});

/** Whether it is refused with the error of the API. */
async function isRefused(call: () => unknown): Promise<boolean> {
  try {
    await call();
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(RateLimitedError);
    expect((error as RateLimitedError).retryAfterMs).toBeGreaterThan(0);
    return true;
  }
}

beforeEach(() => {
  now = 0;
  lines.length = 0;
});

describe('what is open or runs at once', () => {
  test.each([
    [
      'operations of a socket',
      'OPERATIONS_PER_SOCKET',
      (limits: Limits, at: Origin) => limits.beginOperation(at),
    ],
    [
      'operations of an owner',
      'OPERATIONS_PER_OWNER',
      (limits: Limits, at: Origin) => limits.beginOperation(at),
    ],
    [
      'operations of an address',
      'OPERATIONS_PER_ADDRESS',
      (limits: Limits, at: Origin) => limits.beginOperation(at),
    ],
    [
      'subscriptions of a socket',
      'SUBSCRIPTIONS_PER_SOCKET',
      (limits: Limits, at: Origin) => limits.beginSubscription(at),
    ],
    [
      'subscriptions of an owner',
      'SUBSCRIPTIONS_PER_OWNER',
      (limits: Limits, at: Origin) => limits.beginSubscription(at),
    ],
    [
      'subscriptions of an address',
      'SUBSCRIPTIONS_PER_ADDRESS',
      (limits: Limits, at: Origin) => limits.beginSubscription(at),
    ],
    [
      'sockets of an owner',
      'SOCKETS_PER_OWNER',
      (limits: Limits, at: Origin) => limits.beginSocket(at.owner),
    ],
    [
      'completions of an owner',
      'COMPLETIONS_PER_OWNER',
      (limits: Limits, at: Origin) => limits.beginCompletion(at.owner),
    ],
    ['connections', 'CONNECTIONS', (limits: Limits, at: Origin) => limits.beginConnection(at.address, false)],
    [
      'connections of an address',
      'CONNECTIONS_PER_ADDRESS',
      (limits: Limits, at: Origin) => limits.beginConnection(at.address, false),
    ],
  ])('is bounded, and free again when it ends: %s', async (_, variable, begin) => {
    const limits = limitsWith({ [variable]: '2' });
    const at = from('ann', '192.0.2.1', {});
    const release = await begin(limits, at);
    await begin(limits, at);
    expect(await isRefused(() => begin(limits, at))).toBe(true);
    release();
    release();
    await begin(limits, at);
    expect(await isRefused(() => begin(limits, at))).toBe(true);
    if (variable !== 'CONNECTIONS') await begin(limits, from('bob', '198.51.100.1', {}));
    const free = limitsWith({ [variable]: '0' });
    for (let i = 0; i < 10; i++) await begin(free, at);
  });

  test('that is refused takes nothing of the other limits', async () => {
    const limits = limitsWith({ OPERATIONS_PER_SOCKET: '1', OPERATIONS_PER_OWNER: '2' });
    const socket = {};
    limits.beginOperation(from('ann', '192.0.2.1', socket));
    for (let i = 0; i < 5; i++)
      await isRefused(() => limits.beginOperation(from('ann', '192.0.2.1', socket)));
    limits.beginOperation(from('ann', '192.0.2.1', {}));
  });

  test('of a proxy is not counted as of one address', () => {
    const limits = limitsWith({ CONNECTIONS_PER_ADDRESS: '1' });
    for (let i = 0; i < 3; i++) limits.beginConnection('192.0.2.1', true);
  });
});

describe('subscriptions that are begun and completed', () => {
  test('are limited by socket and by owner', async () => {
    const limits = limitsWith({ SUBSCRIBES_PER_SOCKET: '2', SUBSCRIBES_PER_OWNER: '3' });
    const begin = async (connection: object) =>
      (await limits.beginSubscription(from('ann', '', connection)))();
    const socket = {};
    for (const _ of [1, 2]) await begin(socket);
    expect(await isRefused(() => begin(socket))).toBe(true);
    await begin({});
    expect(await isRefused(() => begin({}))).toBe(true);
    expect(await isRefused(() => limits.beginSubscription(from('bob')))).toBe(false);
  });
});

describe('mutations', () => {
  test('have limits by what they do', async () => {
    const limits = limitsWith({
      MESSAGES_PER_OWNER: '1',
      MUTATIONS_PER_OWNER: '1',
      ACTIVITY_PER_OWNER: '1',
      TELEMETRY_PER_OWNER: '1',
    });
    for (const kind of ['message', 'mutation', 'activity', 'telemetry'] as const) {
      await limits.countMutation(kind, from());
      expect(await isRefused(() => limits.countMutation(kind, from()))).toBe(true);
      expect(await isRefused(() => limits.countMutation(kind, from('bob')))).toBe(false);
    }
  });

  test('of many owners at one address have a limit', async () => {
    const limits = limitsWith({ MESSAGES_PER_ADDRESS: '2' });
    await limits.countMutation('message', from('ann'));
    await limits.countMutation('message', from('bob'));
    expect(await isRefused(() => limits.countMutation('message', from('eve')))).toBe(true);
    expect(await isRefused(() => limits.countMutation('message', from('eve', '198.51.100.1')))).toBe(false);
  });
});

test('the address of an IPv6 caller is its network of 64 bits', () => {
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(networkOf('2001:db8:1:2::6')).toBe('2001:db8:1:2::/64');
  expect(networkOf('2001:0DB8:0001:0002::')).toBe('2001:db8:1:2::/64');
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  expect(networkOf('64:ff9b::192.0.2.1')).toBe('64:ff9b:0:0::/64');
  expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
});

test('a window ends, and says when', () => {
  const window = new Window(10_000, () => now);
  now = 4_000;
  expect([window.take(2), window.take(2)]).toEqual([0, 0]);
  now = 5_000;
  expect(window.take(2)).toBe(9_000);
  now = 14_000;
  expect([window.take(2), window.take(2), window.take(2)]).toEqual([0, 0, 10_000]);
});

test('refusals are counted by their limit, and logged now and then', async () => {
  const limits = limitsWith({ SOCKETS_PER_OWNER: '1' });
  const refuse = () => isRefused(() => limits.beginSocket(from().owner));
  limits.beginSocket(from().owner);
  const counted = async () =>
    (await metrics.limitRefusals.get()).values.find(({ labels }) => labels.limit === 'SOCKETS_PER_OWNER')
      ?.value ?? 0;
  const before = await counted();
  for (let i = 0; i < 5; i++) await refuse();
  expect(lines).toEqual([{ limit: 'SOCKETS_PER_OWNER', of: 'ann', refused: 1 }]);
  now += 10_000;
  await refuse();
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatchObject({ refused: 5 });
  expect((await counted()) - before).toBe(6);
});
