import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { requestAs } from './support/tokens.ts';
import { linkMailedTo, newAddress, PASSWORD, Visitor, WITH_ACCOUNTS } from './support/visitor.ts';

const WHO = '{ viewer { id tenant role name } }';

await describeBackends('accounts', ({ env }) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({ ...(await env()), ...WITH_ACCOUNTS }, { worker: false });
  });
  afterAll(() => system.stop());

  test('who signs up gets a token, and calls the API as themselves', async () => {
    const alice = new Visitor(system.url);
    const { status, body } = await alice.signUp(newAddress(), { name: ' Alice ' });
    expect([status, body.user.emailVerified]).toEqual([200, false]);
    expect(await alice.viewer()).toEqual({
      ...{ id: body.user.id, tenant: 'default', role: 'USER', name: 'Alice' },
    });
  });

  test('a token is not given again after signing out, and is refused within 5 s', async () => {
    const alice = new Visitor(system.url);
    await alice.signUp(newAddress());
    const token = await alice.token();
    expect(await requestAs(system.url, token, WHO)).toHaveProperty('data.viewer');
    const before = new Map(alice.cookies);
    expect(await alice.post('/auth/sign-out')).toMatchObject({ status: 200 });
    expect(alice.cookies.size).toBe(0);
    expect(await alice.get('/auth/token')).toMatchObject({ status: 401 });
    for (const [name, value] of before) alice.cookies.set(name, value);
    expect(await alice.get('/auth/token')).toMatchObject({ status: 401 });
    await expect
      .poll(() => requestAs(system.url, token, WHO), { interval: 100, timeout: 5_000 })
      .toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('a password is reset by the link of a mail, once, and signs everybody out', async () => {
    const email = newAddress();
    const [alice, other] = [new Visitor(system.url), new Visitor(system.url)];
    await alice.signUp(email);
    await other.signIn(email);
    expect(await alice.post('/auth/request-password-reset', { email })).toMatchObject({ status: 200 });
    const link = await linkMailedTo(system, email, /Subject: .*password/);
    const { headers } = await new Visitor(system.url).get(link);
    const page = new URL(headers.get('location') ?? '', system.url);
    expect(page.pathname).toBe('/reset-password');
    const reset = { token: page.searchParams.get('token'), newPassword: 'another long password' };
    expect(await other.post('/auth/reset-password', reset)).toMatchObject({ status: 200 });
    expect(await alice.get('/auth/token')).toMatchObject({ status: 401 });
    expect(await other.get('/auth/token')).toMatchObject({ status: 401 });
    expect(await other.post('/auth/reset-password', reset)).toMatchObject({ status: 400 });
    expect(await alice.signIn(email, PASSWORD)).toMatchObject({ status: 401 });
    expect(await alice.signIn(email, 'another long password')).toMatchObject({ status: 200 });
    expect(await alice.token()).toBeTruthy();
  });
});
