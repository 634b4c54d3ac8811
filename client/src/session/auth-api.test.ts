import { expect, it } from 'vitest';
import { authApi } from './auth-api.ts';
import { NOT_AT_ALL } from './sign-in-ways.ts';

const answering = (body: string, init: ResponseInit & { type?: string } = {}) =>
  authApi(
    async () => new Response(body, { ...init, headers: { 'content-type': init.type ?? 'application/json' } }),
  );

it('the ways to sign in are read, whatever else the server says', async () => {
  const ways = {
    ...{ mode: 'accounts', email: true, signUp: false, guests: true },
    providers: [{ id: 'github', name: 'GitHub', kind: 'social' }, { id: 7 }],
  };
  expect(await answering(JSON.stringify({ ...ways, more: 1 })).ways()).toEqual({
    ...ways,
    providers: [ways.providers[0]],
  });
});

it('a server that knows no accounts answers 404, or with the page itself: everybody is the same user', async () => {
  expect(await answering('', { status: 404 }).ways()).toEqual(NOT_AT_ALL);
  expect(await answering('<!doctype html>', { type: 'text/html' }).ways()).toEqual(NOT_AT_ALL);
  expect(await answering('{"mode":"other"}').ways()).toEqual(NOT_AT_ALL);
});

it('a server in trouble is no server without accounts', async () => {
  for (const status of [403, 429, 503])
    await expect(answering('{}', { status }).ways()).rejects.toThrow(String(status));
  await expect(answering('{}', { status: 503 }).token()).rejects.toThrow('503');
  await expect(answering('{}', { status: 429 }).token()).rejects.toThrow('429');
});

it('the token is read; with 401 nobody is signed in', async () => {
  expect(await answering('{"token":"t"}').token()).toBe('t');
  expect(await answering('{}', { status: 401 }).token()).toBeNull();
  await expect(answering('{}').token()).rejects.toThrow();
});
