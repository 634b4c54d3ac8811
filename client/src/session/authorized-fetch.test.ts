import { expect, it } from 'vitest';
import { type Authority, authorizedFetch } from './authorized-fetch.ts';

/** A server that accepts these tokens, and whose calls are recorded; an account that has the given tokens, in this order. */
function world(accepted: string[], tokens: (string | null)[]) {
  const calls: (string | null)[] = [];
  const refused: (string | null)[] = [];
  const authority: Authority = {
    authorization: async () => {
      const token = tokens[Math.min(refused.length, tokens.length - 1)] ?? null;
      return token === null ? null : `Bearer ${token}`;
    },
    refused: (authorization) => void refused.push(authorization),
  };
  const fetch = authorizedFetch(authority, 0, async (_input, init) => {
    const authorization = new Headers(init?.headers).get('authorization');
    calls.push(authorization);
    const isAccepted = accepted.some((token) => authorization === `Bearer ${token}`);
    return new Response(null, { status: isAccepted ? 200 : 401 });
  });
  return { fetch, calls, refused };
}

it('a call has the token, beside its own headers', async () => {
  const { fetch, calls } = world(['a'], ['a']);
  const response = await fetch('/graphql', { headers: { accept: 'application/json' } });
  expect([response.status, calls]).toEqual([200, ['Bearer a']]);
});

it('a refused call is tried once more, with another token', async () => {
  const { fetch, calls, refused } = world(['b'], ['a', 'b']);
  expect((await fetch('/graphql')).status).toBe(200);
  expect(calls).toEqual(['Bearer a', 'Bearer b']);
  expect(refused).toEqual(['Bearer a']);
});

it('a call that is refused with the other token, too, is not tried a third time', async () => {
  const { fetch, calls } = world([], ['a', 'b', 'c']);
  expect((await fetch('/graphql')).status).toBe(401);
  expect(calls).toEqual(['Bearer a', 'Bearer b']);
});

it('a call is not repeated when there is no other token', async () => {
  const { fetch, calls } = world([], [null]);
  expect((await fetch('/graphql')).status).toBe(401);
  expect(calls).toEqual([null]);
});

it('a call that is aborted while nobody is signed in ends', async () => {
  const abort = new AbortController();
  const authority: Authority = { authorization: () => new Promise(() => {}), refused() {} };
  const fetch = authorizedFetch(authority, 0, () => Promise.reject(new Error('sent')));
  const call = fetch('/graphql', { signal: abort.signal });
  abort.abort(new Error('aborted'));
  await expect(call).rejects.toThrow('aborted');
});
