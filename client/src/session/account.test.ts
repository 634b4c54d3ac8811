import { beforeEach, describe, expect, it } from 'vitest';
import { settled } from '../../../packages/client/src/testing.ts';
import { Account, OtherPersonError } from './account.ts';
import { NOT_AT_ALL } from './sign-in-ways.ts';
import { ACCOUNTS, browserTabs, Clock, FakeAuth, memoryOf, tokenFor } from './testing.ts';

let clock: Clock;
let server: FakeAuth;
let openTab: ReturnType<typeof browserTabs>;

beforeEach(() => {
  clock = new Clock();
  server = new FakeAuth(clock);
  openTab = browserTabs();
});

function open(memory = memoryOf('accounts'), api = server): Account {
  const account = new Account({ api, tabs: openTab(), memory, now: clock.now, later: clock.later });
  account.start();
  return account;
}

/** A tab in which the person is signed in. */
async function openSignedIn(): Promise<Account> {
  const account = open();
  await account.authorization(0);
  return account;
}

const subjectOf = (authorization: string | null) =>
  JSON.parse(Buffer.from(authorization?.split('.')[1] ?? '', 'base64url').toString()).sub;

describe('the token', () => {
  it('is got once for all calls that wait for it, and used until its end', async () => {
    const account = open();
    const calls = await Promise.all([account.authorization(0), account.authorization(0)]);
    expect(new Set(calls).size).toBe(1);
    expect(subjectOf(calls[0] ?? null)).toBe('ann');
    expect(await account.authorization(0)).toBe(calls[0]);
    expect(server.asked).toEqual({ ways: 1, token: 1 });
  });

  it('is replaced a minute before its end, and the new one is announced', async () => {
    const account = await openSignedIn();
    const first = await account.authorization(0);
    const announced: string[] = [];
    account.onToken((token) => announced.push(token));
    expect(clock.next).toBe(840_000);
    clock.pass(840_000);
    await settled();
    const second = await account.authorization(0);
    expect(second).not.toBe(first);
    expect(announced).toEqual([second?.slice('Bearer '.length)]);
    expect(server.asked.token).toBe(2);
    expect(clock.next).toBe(1_680_000);
  });

  it('with a short life is replaced after four fifths of it', async () => {
    server.life = 60;
    await openSignedIn();
    expect(clock.next).toBe(48_000);
  });

  it('has the life that the server gave it, whatever the clock of this machine says', async () => {
    clock.ms = 5_000;
    server.token = async () => tokenFor('ann', { iat: 9_999_999, life: 900 });
    await openSignedIn();
    expect(clock.next).toBe(845_000);
  });

  it('is asked for again until the server can be reached, while the old one is used', async () => {
    const account = await openSignedIn();
    const first = await account.authorization(0);
    server.isReachable = false;
    clock.pass(840_000);
    await settled();
    expect(await account.authorization(0)).toBe(first);
    expect(clock.next).toBeLessThan(841_000);
    server.isReachable = true;
    clock.pass(1_000);
    await settled();
    expect(await account.authorization(0)).not.toBe(first);
  });

  it('that the server has refused is not used again; a refusal of an older one changes nothing', async () => {
    const account = await openSignedIn();
    const first = await account.authorization(0);
    account.refused(first);
    const second = await account.authorization(0);
    expect(second).not.toBe(first);
    account.refused(first);
    expect(await account.authorization(0)).toBe(second);
  });

  it('is not waited for when the server cannot be reached: the call fails, and the next one tries again', async () => {
    server.isReachable = false;
    const account = open();
    await expect(account.authorization(0)).rejects.toThrow('Failed to fetch');
    server.isReachable = true;
    expect(subjectOf(await account.authorization(0))).toBe('ann');
  });
});

describe('without a need for tokens', () => {
  it('the first call does not wait for anything, also where the server was never seen', async () => {
    for (const mode of [null, 'none']) {
      const account = open(memoryOf(mode), new FakeAuth(clock, NOT_AT_ALL));
      expect(await account.authorization(0)).toBeNull();
    }
  });

  it('a call waits once the server has refused one without a token', async () => {
    const account = open(memoryOf('none'));
    const without = await account.authorization(0);
    account.refused(without);
    expect(subjectOf(await account.authorization(0))).toBe('ann');
    expect(account.getSnapshot().ways).toEqual(ACCOUNTS);
  });
});

describe('nobody signed in', () => {
  it('holds calls back, and lets them go on when the same person signs in again', async () => {
    const account = await openSignedIn();
    account.refused(await account.authorization(0));
    server.who = null;
    const held = account.authorization(0);
    await settled();
    expect(account.getSnapshot()).toMatchObject({ isSignedOut: true, hasOwner: true, visit: 0 });
    server.who = 'ann';
    expect(await account.recheck()).toBe(true);
    expect(subjectOf(await held)).toBe('ann');
    expect(account.getSnapshot()).toMatchObject({ isSignedOut: false, visit: 0 });
  });

  it('ends the visit when somebody else signs in: what was held back is not sent in their name', async () => {
    const account = await openSignedIn();
    account.refused(await account.authorization(0));
    server.who = null;
    const held = account.authorization(0);
    await settled();
    server.who = 'bob';
    await account.recheck();
    await expect(held).rejects.toThrow(OtherPersonError);
    await expect(account.authorization(0)).rejects.toThrow(OtherPersonError);
    expect(subjectOf(await account.authorization(1))).toBe('bob');
  });

  it('is found out when the time for another token comes', async () => {
    const account = await openSignedIn();
    server.who = null;
    clock.pass(840_000);
    await settled();
    expect(account.getSnapshot().isSignedOut).toBe(true);
    expect(clock.next).toBeNull();
  });
});

describe('a guest', () => {
  it('who signs up leaves what they have to the person who they are then', async () => {
    server.who = 'guest';
    const account = await openSignedIn();
    account.join(true);
    server.who = 'ann';
    await account.recheck();
    expect(account.getSnapshot()).toMatchObject({ isJoining: false, visit: 1 });
  });

  it('goes on as before when they change their mind, also after another token', async () => {
    server.who = 'guest';
    const account = await openSignedIn();
    account.join(true);
    clock.pass(840_000);
    await settled();
    expect(account.getSnapshot()).toMatchObject({ isJoining: true, visit: 0 });
    account.join(false);
    expect(account.getSnapshot()).toMatchObject({ isJoining: false, isSignedOut: false, visit: 0 });
  });
});

describe('several tabs', () => {
  it('are all signed out at once, and what belonged to the person is over in each', async () => {
    const [one, two] = [await openSignedIn(), await openSignedIn()];
    const held = two.authorization(0);
    await held;
    await one.signOut();
    for (const account of [one, two]) {
      expect(account.getSnapshot()).toMatchObject({ isSignedOut: true, hasOwner: false, visit: 1 });
      await expect(account.authorization(0)).rejects.toThrow(OtherPersonError);
    }
  });

  it('do not use a token that was on its way while somebody signed out', async () => {
    const [one, two] = [await openSignedIn(), await openSignedIn()];
    clock.pass(840_000);
    await one.signOut();
    await settled();
    expect(two.getSnapshot()).toMatchObject({ isSignedOut: true, visit: 1 });
  });

  it('stay signed in when the server cannot be reached to sign out', async () => {
    const [one, two] = [await openSignedIn(), await openSignedIn()];
    server.isReachable = false;
    await expect(one.signOut()).rejects.toThrow();
    for (const account of [one, two]) expect(account.getSnapshot().isSignedOut).toBe(false);
  });

  it('all go on when somebody signs in in one of them', async () => {
    const [one, two] = [await openSignedIn(), await openSignedIn()];
    await one.signOut();
    const held = two.authorization(1);
    server.who = 'ann';
    await one.recheck();
    expect(subjectOf(await held)).toBe('ann');
  });

  it('show the data of the other person when somebody else signs in in one of them', async () => {
    const [one, two] = [await openSignedIn(), await openSignedIn()];
    one.refused(await one.authorization(0));
    server.who = 'bob';
    expect(await one.recheck()).toBe(true);
    // At once, before the other tab has a token for them.
    expect(two.getSnapshot().visit).toBe(1);
    expect(subjectOf(await two.authorization(1))).toBe('bob');
    expect(two.getSnapshot()).toMatchObject({ isSignedOut: false, hasOwner: true });
  });

  it('do not disturb each other when the same person opens another one', async () => {
    const one = await openSignedIn();
    await openSignedIn();
    await settled();
    expect(one.getSnapshot().visit).toBe(0);
    expect(server.asked.token).toBe(2);
  });
});

describe('a pasted token', () => {
  const ways = { ...NOT_AT_ALL, mode: 'token' as const };

  it('is kept in this tab, and used when the server accepts it', async () => {
    const memory = memoryOf('token');
    const account = open(memory, new FakeAuth(clock, ways));
    const held = account.authorization(0);
    await settled();
    expect(account.getSnapshot()).toMatchObject({ isSignedOut: true, hasOwner: false });
    expect(await account.paste('bad')).toBe(false);
    expect(memory.kept).toBeNull();
    expect(await account.paste('good')).toBe(true);
    expect(await held).toBe('Bearer good');
    expect(memory.kept).toBe('good');
    const again = open(memory, new FakeAuth(clock, ways));
    expect(await again.authorization(0)).toBe('Bearer good');
  });

  it('is dropped when the server refuses it; another one may be of somebody else', async () => {
    const memory = memoryOf('token');
    memory.kept = 'good';
    const account = open(memory, new FakeAuth(clock, ways));
    account.refused(await account.authorization(0));
    expect(memory.kept).toBeNull();
    const held = account.authorization(0);
    await settled();
    expect(account.getSnapshot()).toMatchObject({ isSignedOut: true, hasOwner: true });
    await account.paste('good too');
    await expect(held).rejects.toThrow(OtherPersonError);
    expect(await account.authorization(1)).toBe('Bearer good too');
  });

  it('that has expired is not used', async () => {
    const memory = memoryOf('token');
    memory.kept = tokenFor('ann', { iat: 0, life: 60 });
    clock.ms = 61_000;
    const account = open(memory, new FakeAuth(clock, ways));
    await settled();
    expect(account.getSnapshot().isSignedOut).toBe(true);
  });
});
