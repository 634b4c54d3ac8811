import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { type IdentityProvider, settingsOf, startIdentityProvider } from './support/identity-provider.ts';
import { type MailServer, startMailServer } from './support/mail-server.ts';
import { WITH_TOKENS } from './support/tokens.ts';
import { newAddress, PASSWORD, Visitor, WITH_ACCOUNTS } from './support/visitor.ts';

const start = (env: Record<string, string>) => startTestSystem(env, { worker: false });

describe.each([
  ['none', {}],
  ['token', WITH_TOKENS],
])('without accounts, in the mode %s', (mode, env) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await start(env);
  });
  afterAll(() => system.stop());

  test('the ways of signing in are none', async () => {
    const { status, headers, body } = await new Visitor(system.url).get('/auth/providers');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body).toEqual({ mode, email: false, signUp: false, guests: false, providers: [] });
  });

  test('nothing else is below /auth', async () => {
    const visitor = new Visitor(system.url);
    for (const { status, body } of [
      await visitor.signUp(newAddress()),
      await visitor.get('/auth/token'),
      await visitor.get('/auth/'),
    ])
      expect([status, body]).toMatchObject([404, { errors: [{ extensions: { code: 'NOT_FOUND' } }] }]);
  });

  test('the ways are only read', async () => {
    const { status, headers } = await new Visitor(system.url).post('/auth/providers');
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('with every way', () => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await start({
      ...WITH_ACCOUNTS,
      AUTH_GUESTS: '1',
      AUTH_GITHUB_ID: 'github-id',
      AUTH_GITHUB_SECRET: 'github-secret',
      AUTH_GOOGLE_ID: 'google-id',
      AUTH_GOOGLE_SECRET: 'google-secret',
    });
  });
  afterAll(() => system.stop());

  test('they are named', async () => {
    expect((await new Visitor(system.url).get('/auth/providers')).body).toEqual({
      ...{ mode: 'accounts', email: true, signUp: true, guests: true },
      providers: [
        { id: 'github', name: 'GitHub' },
        { id: 'google', name: 'Google' },
      ],
    });
  });

  test.each([
    ['github', 'https://github.com/login/oauth/authorize'],
    ['google', 'https://accounts.google.com/o/oauth2/v2/auth'],
  ])('%s is where people are sent, to come back to this server', async (provider, page) => {
    const { body } = await new Visitor(system.url).post('/auth/sign-in/social', { provider });
    const url = new URL(body.url);
    expect(`${url.origin}${url.pathname}`).toBe(page);
    expect(url.searchParams.get('client_id')).toBe(`${provider}-id`);
    expect(url.searchParams.get('redirect_uri')).toBe(`${system.url}/auth/callback/${provider}`);
  });
});

describe('where AUTH_SIGN_UP is 0', () => {
  let system: TestSystem;
  let provider: IdentityProvider;
  beforeAll(async () => {
    provider = await startIdentityProvider();
    system = await start({ ...WITH_ACCOUNTS, ...settingsOf(provider), AUTH_SIGN_UP: '0' });
  });
  afterAll(async () => {
    await system.stop();
    await provider.close();
  });

  test('nobody signs up, by a provider neither, and there are no guests', async () => {
    const visitor = new Visitor(system.url);
    expect((await visitor.get('/auth/providers')).body).toMatchObject({ signUp: false, guests: false });
    expect(await visitor.signUp(newAddress())).toMatchObject({
      status: 400,
      body: { code: 'EMAIL_PASSWORD_SIGN_UP_DISABLED' },
    });
    expect(await visitor.post('/auth/sign-in/anonymous')).toMatchObject({ status: 404 });
    const page = await signInAt(visitor, 'oidc');
    expect(page.searchParams.get('error')).toBe('signup_disabled');
    expect(await visitor.get('/auth/token')).toMatchObject({ status: 401 });
    expect(await system.app.database.prisma.user.count()).toBe(0);
  });
});

describe('a provider of OpenID Connect', () => {
  let system: TestSystem;
  let provider: IdentityProvider;
  beforeAll(async () => {
    provider = await startIdentityProvider();
    system = await start({ ...WITH_ACCOUNTS, ...settingsOf(provider), AUTH_OPERATORS: 'sam@example.com' });
  });
  afterAll(async () => {
    await system.stop();
    await provider.close();
  });

  test('signs people in, who are the same person the next time, and its tokens are not stored', async () => {
    provider.person = { sub: '1', email: 'Sam@example.com', email_verified: true, name: 'Sam' };
    const [sam, again] = [new Visitor(system.url), new Visitor(system.url)];
    expect((await sam.get('/auth/providers')).body.providers).toEqual([
      { id: 'oidc', name: 'Our directory' },
    ]);
    expect((await signInAt(sam, 'oidc')).pathname).toBe('/welcome');
    const viewer = await sam.viewer();
    expect(viewer).toMatchObject({ name: 'Sam', role: 'OPERATOR', tenant: 'default' });
    await signInAt(again, 'oidc');
    expect(await again.viewer()).toEqual(viewer);
    expect(await system.app.database.prisma.account.findMany()).toMatchObject([
      { providerId: 'oidc', accountId: '1', accessToken: null, refreshToken: null, idToken: null },
    ]);
  });

  test('does not give an account to somebody else who has signed up with the address first', async () => {
    const email = newAddress();
    const squatter = new Visitor(system.url);
    await squatter.signUp(email);
    provider.person = { sub: '2', email, email_verified: true };
    const owner = new Visitor(system.url);
    const page = await signInAt(owner, 'oidc');
    expect([page.pathname, page.searchParams.get('error')]).toEqual(['/sign-in', 'account_not_linked']);
    expect(await owner.get('/auth/token')).toMatchObject({ status: 401 });
  });

  test('makes nobody an operator by an address that it has not verified', async () => {
    await system.app.database.prisma.user.deleteMany();
    provider.person = { sub: '3', email: 'sam@example.com', email_verified: false };
    const mallory = new Visitor(system.url);
    await signInAt(mallory, 'oidc');
    expect(await mallory.viewer()).toMatchObject({ role: 'USER' });
  });

  test('gives ID tokens to this server alone: no caller brings one, which would need no nonce', async () => {
    const mallory = new Visitor(system.url);
    const brought = { provider: 'oidc', idToken: { token: 'eyJ' } };
    expect(await mallory.post('/auth/sign-in/social', brought)).toMatchObject({
      status: 400,
      body: { code: 'ID_TOKEN_NOT_SUPPORTED' },
    });
  });

  test('lets nobody in by a code that another browser has begun with', async () => {
    provider.person = { sub: '4', email: newAddress(), email_verified: true };
    const [mallory, victim] = [new Visitor(system.url), new Visitor(system.url)];
    const callback = await callbackOf(mallory, 'oidc');
    const { headers } = await victim.get(callback);
    expect(new URL(headers.get('location') ?? '').searchParams.get('error')).toMatch(/state/);
    expect(await victim.get('/auth/token')).toMatchObject({ status: 401 });
  });
});

describe('a provider that has not verified an address, with a mail server', () => {
  let system: TestSystem;
  let provider: IdentityProvider;
  let mailServer: MailServer;
  beforeAll(async () => {
    [provider, mailServer] = [await startIdentityProvider(), await startMailServer()];
    const mails = { SMTP_URL: mailServer.url, MAIL_FROM: 'TaskFlow <taskflow@example.com>' };
    system = await start({ ...WITH_ACCOUNTS, ...settingsOf(provider), ...mails });
  });
  afterAll(async () => {
    await system.stop();
    await provider.close();
    await mailServer.close();
  });

  /** The link in the newest mail to an address. */
  async function linkTo(email: string, path: string): Promise<URL> {
    const found = () =>
      mailServer.mails
        .filter(({ to }) => to === email)
        .map(({ text }) => new URL(/^https?:\S+$/m.exec(text)?.[0] ?? 'http://none'))
        .findLast(({ pathname }) => pathname.startsWith(path));
    await expect.poll(found, { interval: 20 }).toBeDefined();
    return found() as URL;
  }

  test('lets people in once they have verified it by a mail', async () => {
    const email = newAddress();
    provider.person = { sub: '1', email, email_verified: false };
    const eve = new Visitor(system.url);
    const page = await signInAt(eve, 'oidc');
    expect([page.pathname, page.searchParams.get('error')]).toEqual(['/sign-in', 'email_not_verified']);
    expect(await eve.get('/auth/token')).toMatchObject({ status: 401 });
    await eve.get((await linkTo(email, '/auth/verify-email')).href);
    expect((await signInAt(eve, 'oidc')).pathname).toBe('/welcome');
    expect(await eve.token()).toBeTruthy();
  });

  test('leads nobody into the account of its owner, who has chosen a password by a mail', async () => {
    const email = newAddress();
    provider.person = { sub: '2', email, email_verified: false };
    const [mallory, owner] = [new Visitor(system.url), new Visitor(system.url)];
    await signInAt(mallory, 'oidc');
    expect(await owner.signUp(email)).toMatchObject({ status: 200 });
    await owner.post('/auth/request-password-reset', { email });
    const token = (await linkTo(email, '/auth/reset-password')).pathname.split('/').at(-1);
    await owner.post('/auth/reset-password', { token, newPassword: PASSWORD });
    await owner.get((await linkTo(email, '/auth/verify-email')).href);
    expect(await owner.signIn(email)).toMatchObject({ status: 200 });
    expect((await signInAt(mallory, 'oidc')).searchParams.get('error')).toBe('account_not_linked');
    expect(await mallory.get('/auth/token')).toMatchObject({ status: 401 });
  });
});

describe('with a mail server', () => {
  let system: TestSystem;
  let mailServer: MailServer;
  beforeAll(async () => {
    mailServer = await startMailServer();
    system = await start({
      ...WITH_ACCOUNTS,
      SMTP_URL: mailServer.url,
      MAIL_FROM: 'TaskFlow <taskflow@example.com>',
      AUTH_URL: 'https://chat.example.com',
    });
  });
  afterAll(async () => {
    await system.stop();
    await mailServer.close();
  });

  const visitor = () => new Visitor(system.url, 'https://chat.example.com');
  const mailsTo = (email: string) => mailServer.mails.filter(({ to }) => to === email);

  test('people verify their address before they sign in, by a link at the public address', async () => {
    const email = newAddress();
    const alice = visitor();
    const { status, body, headers } = await alice.signUp(email);
    expect([status, body.token, headers.getSetCookie()]).toEqual([200, null, []]);
    expect(await alice.signIn(email)).toMatchObject({ status: 403, body: { code: 'EMAIL_NOT_VERIFIED' } });
    await expect.poll(() => mailsTo(email).length, { interval: 20 }).toBe(2);
    const [mail] = mailsTo(email);
    expect(mail?.text).toMatch(/^From: TaskFlow <taskflow@example\.com>$/m);
    expect(mail?.text).not.toContain('Alice');
    const link = new URL(/^https:\S+$/m.exec(mail?.text ?? '')?.[0] ?? '');
    expect([link.origin, link.pathname]).toEqual(['https://chat.example.com', '/auth/verify-email']);
    await visitor().get(`${link.pathname}${link.search}`);
    const signedIn = await alice.signIn(email);
    expect(signedIn.status).toBe(200);
    const [cookie = ''] = signedIn.headers.getSetCookie();
    expect(cookie).toMatch(/^__Secure-taskflow\.session_token=/);
    expect(cookie.split('; ')).toEqual(expect.arrayContaining(['Secure', 'HttpOnly', 'SameSite=Lax']));
    expect(await alice.token()).toBeTruthy();
  });

  test('signing up does not show whether an address has an account, and its owner learns of it', async () => {
    const email = newAddress();
    const shapeOf = async (address: string) => {
      const { status, body } = await visitor().signUp(address, {
        name: '  Al  ice\n',
        image: 'javascript:1',
      });
      const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...user } = body.user;
      return { status, fields: Object.keys(body.user), user, token: body.token };
    };
    const first = await shapeOf(email);
    expect(await shapeOf(email)).toEqual(first);
    await expect.poll(() => mailsTo(email).length, { interval: 20 }).toBe(2);
    expect(mailsTo(email)[1]?.text).toMatch(/^Subject: You have an account/m);
  });

  test('that refuses a mail, the answer is the same', async () => {
    const email = newAddress();
    mailServer.refuse(true);
    expect(await visitor().signUp(email, { password: PASSWORD })).toMatchObject({ status: 200 });
    expect(await visitor().post('/auth/request-password-reset', { email })).toMatchObject({ status: 200 });
    mailServer.refuse(false);
  });
});

/** Goes to a provider and back as far as the callback, which is not called. */
async function callbackOf(visitor: Visitor, provider: string): Promise<string> {
  const { status, body } = await visitor.post('/auth/sign-in/social', { provider, callbackURL: '/welcome' });
  expect(status).toBe(200);
  const answer = await fetch(body.url, { redirect: 'manual' });
  return answer.headers.get('location') ?? '';
}

/** Signs in at a provider. Returns the page at which the visitor arrives. */
async function signInAt(visitor: Visitor, provider: string): Promise<URL> {
  const { headers } = await visitor.get(await callbackOf(visitor, provider));
  return new URL(headers.get('location') ?? '', 'http://here');
}
