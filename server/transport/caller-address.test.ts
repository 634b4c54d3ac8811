import { describe, expect, test } from 'vitest';
import { addressReader } from './caller-address.ts';

const PROXY = '10.1.2.3';
const CALLER = '203.0.113.7';

/** The address of a caller whose connection is from `peer`. */
function addressOf(peer: string | undefined, forwarded?: string, trusted = ['loopback', PROXY]): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return addressReader(trusted)({ headers, socket: { remoteAddress: peer } } as never);
}

test.each([CALLER, '2001:db8::1', '::1', '127.0.0.1'])(
  'without a proxy it is that of the connection, %s',
  (peer) => {
    expect(addressOf(peer)).toBe(peer);
  },
);

test('an IPv4 address has one spelling', () => {
  expect(addressOf(`::ffff:${CALLER}`)).toBe(CALLER);
  expect(addressOf(PROXY, `::ffff:${CALLER}`)).toBe(CALLER);
});

describe('behind a trusted proxy', () => {
  test.each([PROXY, '127.0.0.1', '::1', `::ffff:${PROXY}`])(
    'at %s it is what the proxy has added',
    (peer) => {
      expect(addressOf(peer, CALLER)).toBe(CALLER);
    },
  );

  test('it is what the outermost trusted proxy has added, not what the caller has sent', () => {
    expect(addressOf(PROXY, `198.51.100.1, ${PROXY}, ${CALLER}, 127.0.0.1`)).toBe(CALLER);
  });

  test('a network is trusted as a whole', () => {
    expect(addressOf('10.9.9.9', CALLER, ['10.0.0.0/8'])).toBe(CALLER);
    expect(addressOf('192.168.0.2', CALLER, ['uniquelocal'])).toBe(CALLER);
    expect(addressOf('fd00::2', CALLER, ['uniquelocal'])).toBe(CALLER);
  });

  test.each(['', 'unknown', '_hidden', '203.0.113.7:4711', `${CALLER}, nonsense`])(
    'that has added %j, which is no address, it is that of the proxy',
    (forwarded) => expect(addressOf(PROXY, forwarded)).toBe(PROXY),
  );
});

test.each(['10.1.2.4', '192.168.1.1', CALLER])(
  'a caller at %s, which is no trusted proxy, cannot choose it',
  (peer) => {
    expect(addressOf(peer, '198.51.100.1')).toBe(peer);
  },
);

test('it is empty once the connection is closed', () => {
  expect(addressOf(undefined, CALLER)).toBe('');
});
