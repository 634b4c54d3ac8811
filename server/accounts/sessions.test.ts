import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Caller, LOCAL_CALLER } from '../../core/domain/caller.ts';
import { StoreUnavailableError } from '../../core/domain/errors.ts';
import type { Role } from '../../core/domain/vocabulary.ts';
import { MemoryRevocations } from '../../core/live/revocations/memory.ts';
import { type SessionEnd, Sessions } from './sessions.ts';

const SPREAD_MS = 2_000;
let revocations: MemoryRevocations;
let sessions: Sessions;
let valid: Map<string, Role>;
let signedIn: Set<string>;
let check: (ids: readonly string[]) => Promise<ReadonlyMap<string, Role>>;

beforeEach(() => {
  vi.useFakeTimers();
  revocations = new MemoryRevocations();
  valid = new Map();
  signedIn = new Set();
  check = async () => valid;
  sessions = new Sessions({
    apiTokens: { validAmong: (ids) => check(ids) },
    ownTokens: { openAmong: async () => signedIn },
    revocations,
    log: pino({ level: 'silent' }),
    spreadMs: SPREAD_MS,
  });
});
afterEach(() => {
  sessions.stop();
  vi.useRealTimers();
});

const caller = (more: Partial<Caller> = {}): Caller => ({ ...LOCAL_CALLER, owner: 'ann', ...more });
const inMs = (ms: number) => Date.now() + ms;

/** Opens a session, and notes how it ended. */
function open(of: Caller) {
  const ends: SessionEnd[] = [];
  const session = sessions.open(of, (why) => ends.push(why));
  return { ends, session };
}

describe('a session ends', () => {
  test('when its right expires: not after that, and at most the spread before it', async () => {
    const all = Array.from({ length: 200 }, () => open(caller({ expiresAt: inMs(60_000) })));
    const ended = () => all.filter(({ ends }) => ends.length > 0).length;
    await vi.advanceTimersByTimeAsync(60_000 - SPREAD_MS - 1);
    expect(ended()).toBe(0);
    await vi.advanceTimersByTimeAsync(SPREAD_MS / 2);
    expect(ended()).toBeGreaterThan(20);
    expect(ended()).toBeLessThan(180);
    await vi.advanceTimersByTimeAsync(SPREAD_MS / 2 + 1);
    expect(all.flatMap(({ ends }) => ends)).toEqual(all.map(() => 'expired'));
  });

  test('when its right expires after longer than a timer can take', async () => {
    const days = (count: number) => count * 86_400_000;
    const { ends } = open(caller({ expiresAt: inMs(days(60)) }));
    await vi.advanceTimersByTimeAsync(days(59));
    expect(ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(days(1));
    expect(ends).toEqual(['expired']);
  });

  test('when its API token, or every right of its owner, is revoked; no other session does', async () => {
    const byToken = open(caller({ apiTokenId: 't1' }));
    const byOther = open(caller({ apiTokenId: 't2' }));
    const ofOther = open(caller({ owner: 'bob' }));
    const elsewhere = open(caller({ tenant: 'acme' }));
    await revocations.publish({ apiTokenId: 't1' });
    expect([byToken, byOther, ofOther, elsewhere].map(({ ends }) => ends)).toEqual([['revoked'], [], [], []]);
    await revocations.publish({ owner: 'ann', tenant: 'default' });
    expect([byOther, ofOther, elsewhere].map(({ ends }) => ends)).toEqual([['revoked'], [], []]);
  });

  test('[P-77] within 5 s of a revocation that it did not hear of', async () => {
    const { ends } = open(caller({ apiTokenId: 't1' }));
    valid = new Map([['t1', 'OPERATOR']]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ends).toEqual([]);
    valid = new Map();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(ends).toEqual(['revoked']);
  });

  test('within 5 s after its API token has got another role', async () => {
    const { ends } = open(caller({ apiTokenId: 't1', role: 'ADMIN' }));
    valid = new Map([['t1', 'ADMIN']]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ends).toEqual([]);
    valid = new Map([['t1', 'USER']]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(ends).toEqual(['revoked']);
  });

  test('within 5 s after its person has signed out, though it did not hear of that', async () => {
    const { ends } = open(caller({ sessionId: 's1' }));
    signedIn.add('s1');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ends).toEqual([]);
    signedIn.delete('s1');
    // Opened by a token that was trusted for up to 3 s more.
    const late = open(caller({ sessionId: 's1' }));
    await vi.advanceTimersByTimeAsync(2_000);
    expect([ends, late.ends]).toEqual([['revoked'], ['revoked']]);
  });

  test('not by a check that began before it was opened, or renewed', async () => {
    const answers: ((valid: ReadonlyMap<string, Role>) => void)[] = [];
    check = () => new Promise((resolve) => answers.push(resolve));
    open(caller({ apiTokenId: 't1' }));
    const renewed = open(caller({ apiTokenId: 't1' }));
    await vi.advanceTimersByTimeAsync(2_000);
    const late = open(caller({ apiTokenId: 't2' }));
    renewed.session.renew(caller({ apiTokenId: 't2' }));
    answers[0]?.(new Map());
    await vi.advanceTimersByTimeAsync(1);
    expect([late.ends, renewed.ends]).toEqual([[], []]);
  });

  test('not while the database cannot say which tokens are valid', async () => {
    const { ends } = open(caller({ apiTokenId: 't1' }));
    check = async () => {
      throw new StoreUnavailableError('unavailable');
    };
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ends).toEqual([]);
  });
});

describe('a session', () => {
  test('goes on by a right that lasts longer, and by none that has ended', async () => {
    const { ends, session } = open(caller({ expiresAt: inMs(10_000) }));
    session.renew(caller({ expiresAt: inMs(100_000), role: 'ADMIN' }));
    expect(session.caller.role).toBe('ADMIN');
    await vi.advanceTimersByTimeAsync(90_000);
    expect(ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ends).toEqual(['expired']);
    session.renew(caller({ expiresAt: inMs(1) }));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ends).toEqual(['expired']);
  });

  test('that its client has ended holds nothing, and is not closed', async () => {
    const { ends, session } = open(caller({ expiresAt: inMs(10_000), apiTokenId: 't1' }));
    session.end();
    session.end();
    const left = vi.getTimerCount();
    await revocations.publish({ apiTokenId: 't1' });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ends).toEqual([]);
    // The check of tokens in use alone.
    expect(left).toBe(1);
  });
});
