import { randomInt } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../core/config/config.ts';
import { readTokenArguments, signToken } from '../server/accounts/sign-token.ts';
import { CHROMIUM, Chat, openBrowser, PAGE_STEP_MS, violationsIn } from './support/browser.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { type IdentityProvider, settingsOf, startIdentityProvider } from './support/identity-provider.ts';
import { type MailServer, startMailServer } from './support/mail-server.ts';
import { linkMailedTo, PASSWORD } from './support/visitor.ts';

const title = CHROMIUM
  ? 'in Chromium'
  : 'NO CHROMIUM ON THIS MACHINE: signing in was NOT tested in a browser';

describe.skipIf(!CHROMIUM)(title, () => {
  let browser: Browser;
  let context: BrowserContext;
  let violations: readonly string[];

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    context = await newContext();
    violations = violationsIn(context);
  });
  afterEach(async () => {
    await context.close();
    expect(violations, 'the policy of the page allows what it does').toEqual([]);
  });

  async function newContext(): Promise<BrowserContext> {
    const opened = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      // As from behind a proxy, each from another address: these tests are not about limits.
      extraHTTPHeaders: { 'x-forwarded-for': `203.0.${randomInt(256)}.${randomInt(256)}` },
    });
    opened.setDefaultTimeout(PAGE_STEP_MS);
    return opened;
  }

  describe('where people have accounts,', () => {
    let system: TestSystem;
    let people = 0;

    beforeAll(async () => {
      system = await startTestSystem({ AUTH_MODE: 'accounts', AUTH_GUESTS: '1' });
    });
    afterAll(async () => {
      await system?.stop();
    });

    const visit = (path = '/', inside = context) => Chat.open(inside, system.url + path);

    /** Another person, who has signed up in a tab of `inside`. */
    async function signUp(inside = context) {
      const email = `person${++people}@example.com`;
      const chat = await visit('/', inside);
      await chat.page.getByTestId('to-sign-up').click();
      await fill(chat.page, { name: `Person ${people}`, email, password: PASSWORD });
      await submit(chat.page);
      await chat.page.getByTestId('composer-input').waitFor();
      return { chat, email };
    }

    /** Presses the button of a form, and waits for what comes of it. */
    async function submit(page: Page): Promise<void> {
      await page.getByTestId('submit').click();
      await page.locator('[data-testid=submit][aria-disabled=true]').waitFor({ state: 'detached' });
    }

    async function answered(chat: Chat, question: string, answer: string): Promise<void> {
      await chat.say(question);
      const request = await system.upstream.nextRequest();
      await request.send(answer);
      await request.finish();
      await chat.message('ASSISTANT', 'COMPLETED').last().filter({ hasText: answer }).waitFor();
    }

    /** Ends every session of the person who is signed in in `context`, as their other device would. */
    async function endSessions(): Promise<void> {
      const response = await context.request.post(`${system.url}/auth/revoke-sessions`, {
        headers: { origin: system.url },
        data: {},
      });
      expect(response.status()).toBe(200);
    }

    test('somebody signs up, is answered, is still signed in after a reload, and what they said is theirs alone', async () => {
      const { chat } = await signUp();
      await chat.pace('INSTANT');
      await answered(chat, 'How do bees talk?', 'They dance.');
      expect(await chat.page.getByTestId('account-button').textContent()).toBe(`Person ${people}`);
      expect(await chat.page.getByTestId('usage-link').count()).toBe(0);
      await chat.page.reload();
      await chat.message('ASSISTANT', 'COMPLETED').filter({ hasText: 'They dance.' }).waitFor();

      const other = await newContext();
      const { chat: others } = await signUp(other);
      await others.page.getByText('Your conversations will be listed here.').waitFor();
      await others.page.goto(chat.page.url());
      await others.page.getByTestId('missing-conversation').waitFor();
      await other.close();
    });

    test('what is wrong is said next to its field, which is focused', async () => {
      const { page } = await visit();
      await page.getByTestId('submit').click();
      await page.getByTestId('fault-password').waitFor();
      expect(await focused(page)).toBe('email');
      await fill(page, { email: 'nobody@example.com', password: 'a wrong password' });
      await submit(page);
      await page.getByTestId('fault-password').filter({ hasText: 'not right' }).waitFor();
      expect(await focused(page)).toBe('password');
      expect(await page.getByTestId('field-password').getAttribute('autocomplete')).toBe('current-password');
      await page.getByTestId('to-sign-up').click();
      expect(await page.getByTestId('field-email').inputValue()).toBe('nobody@example.com');
      await fill(page, { name: 'Nobody', password: 'short' });
      await page.getByTestId('submit').click();
      await page.getByTestId('fault-password').filter({ hasText: '10 characters' }).waitFor();
      expect(await page.getByTestId('field-password').getAttribute('autocomplete')).toBe('new-password');
    });

    test('signing out in one tab signs out the other, and the next person sees nothing of the one before', async () => {
      const { chat, email } = await signUp();
      await chat.pace('INSTANT');
      await answered(chat, 'A secret?', 'Of course.');
      await chat.write('half a thought');
      const second = await visit(new URL(chat.page.url()).pathname);
      await second.message('USER', 'COMPLETED').waitFor();
      await chat.page.getByTestId('account-button').click();
      await chat.page.getByTestId('sign-out').click();
      for (const { page } of [chat, second]) {
        await page.getByTestId('sign-in').waitFor();
        expect(await page.getByText('A secret?').count()).toBe(0);
        expect(new URL(page.url()).pathname).toBe('/');
      }

      await chat.page.getByTestId('guest').click();
      await submitted(chat.page);
      for (const { page } of [chat, second]) {
        await page.getByText('Your conversations will be listed here.').waitFor();
        expect(await page.getByTestId('composer-input').inputValue()).toBe('');
        expect(await page.getByTestId('account-button').textContent()).toBe('Guest');
      }

      await chat.page.getByTestId('account-button').click();
      await chat.page.getByTestId('sign-out').click();
      await chat.page.getByTestId('confirm-leave').click();
      await fill(chat.page, { email, password: PASSWORD });
      await submit(chat.page);
      for (const { sidebar } of [chat, second]) await sidebar.filter({ hasText: 'A secret?' }).waitFor();
      await chat.sidebar.first().click();
      await chat.message('USER', 'COMPLETED').waitFor();
      expect(await chat.page.getByTestId('composer-input').inputValue()).toBe('half a thought');
    });

    test('who is signed out in mid-draft signs in again, and goes on: the place, the draft and what was being sent are there', async () => {
      const { chat, email } = await signUp();
      await chat.pace('INSTANT');
      await answered(chat, 'How do bees talk?', 'They dance.');
      const { page } = chat;
      await chat.write('And ants?');
      const place = page.url();
      await endSessions();
      await page.getByTestId('sign-in').filter({ hasText: 'Sign in again' }).waitFor();
      expect(page.url()).toBe(place);
      await fill(page, { email, password: PASSWORD });
      await submit(page);
      await page.getByTestId('sign-in').waitFor({ state: 'detached' });
      expect(await page.getByTestId('composer-input').inputValue()).toBe('And ants?');
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA');

      // A message that meets the end of the session waits, also over a reload.
      await page.route('**/graphql', (route) => route.fulfill({ status: 401, body: '{}' }), { times: 1 });
      await page.route('**/auth/token', (route) => route.fulfill({ status: 401, body: '{}' }));
      await page.keyboard.press('Enter');
      await page.getByTestId('sign-in').waitFor();
      await page.unroute('**/auth/token');
      await page.reload();
      const request = await system.upstream.nextRequest();
      expect(request.messages.at(-1)?.content).toBe('And ants?');
      await request.send('By smell.');
      await request.finish();
      await chat.message('ASSISTANT', 'COMPLETED').filter({ hasText: 'By smell.' }).waitFor();
      expect((await chat.messages()).map(({ text }) => text)).toEqual([
        ...['How do bees talk?', 'They dance.', 'And ants?', 'By smell.'],
      ]);
    });

    test('a token is replaced before its end over the socket that is open', async () => {
      const { chat } = await signUp();
      const { page } = chat;
      // The only timer of the page that is so long.
      await page.addInitScript(() => {
        const { setTimeout } = window;
        const late = (callback: () => void, ms = 0) => {
          if (ms < 300_000) return setTimeout(callback, ms);
          Object.assign(window, { replaceToken: callback });
          return 0;
        };
        Object.assign(window, { setTimeout: late });
      });
      let sockets = 0;
      let renewals = 0;
      page.on('websocket', (socket) => {
        sockets += 1;
        socket.on('framereceived', ({ payload }) => {
          if (String(payload).includes('RenewSessionSuccess')) renewals += 1;
        });
      });
      await page.reload();
      await chat.pace('INSTANT');
      await answered(chat, 'How do bees talk?', 'They dance.');
      // A token of the same second is the same token, with which there is nothing to renew.
      const replaceToken = () => (window as unknown as { replaceToken(): void }).replaceToken();
      await expect.poll(() => page.evaluate(replaceToken).then(() => renewals)).toBeGreaterThan(0);
      await answered(chat, 'And ants?', 'By smell.');
      expect(sockets).toBe(1);
    });

    test('a new password is chosen by the link of a mail', async () => {
      const { chat, email } = await signUp();
      const other = await newContext();
      const { page } = await visit('/', other);
      await page.getByTestId('to-forgot').click();
      await fill(page, { email });
      await submit(page);
      await page.getByTestId('check-mail').filter({ hasText: email }).waitFor();
      const link = await linkMailedTo(system, email, /password/);

      await page.goto(link);
      await page.getByTestId('reset-password').waitFor();
      expect(page.url()).toBe(`${system.url}/reset-password`);
      await fill(page, { password: 'another long password' });
      await submit(page);
      await page.getByTestId('reset-done').waitFor();
      // Every device is signed out.
      await chat.page.getByTestId('sign-in').waitFor();
      await page.getByTestId('to-sign-in').click();
      await fill(page, { email, password: PASSWORD });
      await submit(page);
      await page.getByTestId('fault-password').waitFor();
      await fill(page, { password: 'another long password' });
      await submit(page);
      await page.getByTestId('composer-input').waitFor();

      await page.goto(link);
      await page.getByTestId('reset-invalid').waitFor();
      await other.close();
    });

    test('a guest who signs up keeps their conversations, their place and their draft', async () => {
      const chat = await visit();
      const { page } = chat;
      await page.getByTestId('guest').click();
      await submitted(page);
      await chat.pace('INSTANT');
      await answered(chat, 'How do bees talk?', 'They dance.');
      await chat.write('And ants?');
      const place = page.url();
      await page.getByTestId('account-button').click();
      await page.getByTestId('join').click();
      await page.getByTestId('not-now').click();
      await expect.poll(() => page.getByTestId('composer-input').inputValue()).toBe('And ants?');

      await page.getByTestId('account-button').click();
      await page.getByTestId('join').click();
      await fill(page, { name: 'Asha', email: 'asha@example.com', password: PASSWORD });
      await submit(page);
      await page.getByTestId('account-button').filter({ hasText: 'Asha' }).waitFor();
      await chat.message('ASSISTANT', 'COMPLETED').filter({ hasText: 'They dance.' }).waitFor();
      await expect.poll(() => page.url()).toBe(place);
      await expect.poll(() => page.getByTestId('composer-input').inputValue()).toBe('And ants?');
    });

    test('a guest who is signing up goes on with that when the session ends, as it does when it becomes an account', async () => {
      const { page } = await visit();
      await page.getByTestId('guest').click();
      await submitted(page);
      await page.getByTestId('account-button').click();
      await page.getByTestId('join').click();
      await fill(page, { name: 'Ines', email: 'ines@example.com', password: PASSWORD });
      const known = page.waitForResponse((response) => response.url().endsWith('/auth/token'));
      await endSessions();
      expect((await known).status()).toBe(401);
      expect(await page.getByTestId('field-name').inputValue()).toBe('Ines');
      await submit(page);
      await page.getByTestId('account-button').filter({ hasText: 'Ines' }).waitFor();
    });

    test('an API token is created, shown once, and works until it is revoked', async () => {
      const { chat } = await signUp();
      const { page } = chat;
      await page.getByTestId('account-button').click();
      await page.getByTestId('tokens-link').click();
      await page.getByTestId('no-tokens').waitFor();
      await page.getByTestId('submit').click();
      await page.getByTestId('fault-scopes').waitFor();
      expect(await focused(page)).toBe('name');
      expect(await page.getByTestId('scope-TELEMETRY_READ').count()).toBe(0);
      await fill(page, { name: 'Reports' });
      await page.getByTestId('scope-CONVERSATIONS_READ').check();
      await page.getByTestId('submit').click();
      const secret = (await page.getByTestId('secret').textContent()) ?? '';
      expect(await statusBy(secret)).toBe(200);
      const token = page.getByTestId('token').filter({ hasText: 'Reports' });
      expect(await token.textContent()).toContain(secret.slice(0, 10));
      await page.getByTestId('secret-done').click();
      expect(await page.content()).not.toContain(secret);
      await page.reload();
      await token.getByTestId('revoke-token').click();
      await page.getByTestId('confirm-revoke').click();
      await page.getByTestId('no-tokens').waitFor();
      await page.getByTestId('tokens-over').click();
      await token.filter({ hasText: 'Revoked' }).waitFor();
      await expect.poll(() => statusBy(secret)).toBe(401);
    });

    const statusBy = async (token: string): Promise<number> =>
      (
        await fetch(`${system.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ query: '{ viewer { id } }' }),
        })
      ).status;

    test('the Usage page is for administrators, who see their company; for others it says so', async () => {
      const { chat, email } = await signUp();
      const { page } = chat;
      await page.goto(`${system.url}/usage`);
      await page.getByTestId('usage-refused').waitFor();
      await system.app.database.prisma.user.update({ where: { email }, data: { role: 'ADMIN' } });
      await page.reload();
      await page.getByTestId('usage-title').filter({ hasText: 'Usage of your company' }).waitFor();
      await page.getByTestId('usage-link').waitFor();
    });
  });

  describe('where there is a provider and a mail server,', () => {
    let system: TestSystem;
    let provider: IdentityProvider;
    let mailServer: MailServer;

    beforeAll(async () => {
      [provider, mailServer] = await Promise.all([startIdentityProvider(), startMailServer()]);
      const mails = { SMTP_URL: mailServer.url, MAIL_FROM: 'taskflow@example.com' };
      system = await startTestSystem({ AUTH_MODE: 'accounts', ...settingsOf(provider), ...mails });
    });
    afterAll(async () => {
      await system?.stop();
      await Promise.all([provider?.close(), mailServer?.close()]);
    });

    test('who signs in at the provider comes back to the page that they opened, and is known there by name', async () => {
      provider.person = { sub: '1', email: 'sam@example.com', email_verified: true, name: 'Sam' };
      const { page } = await Chat.open(context, `${system.url}/tokens`);
      await page.getByTestId('provider-oidc').filter({ hasText: 'Our directory' }).click();
      await page.getByTestId('account-button').filter({ hasText: 'Sam' }).waitFor();
      expect(page.url()).toBe(`${system.url}/tokens`);
    });

    test('a new address is confirmed by the link of a mail, and only then does its password sign in', async () => {
      const email = 'alice@example.com';
      const { page } = await Chat.open(context, system.url);
      await page.getByTestId('to-sign-up').click();
      await fill(page, { name: 'Alice', email, password: PASSWORD });
      await page.getByTestId('submit').click();
      await page.getByTestId('check-mail').filter({ hasText: email }).waitFor();
      await page.getByTestId('to-sign-in').click();
      await fill(page, { email, password: PASSWORD });
      await page.getByTestId('submit').click();
      await page.getByTestId('fault-email').filter({ hasText: 'confirm' }).waitFor();

      await page.goto(await linkIn(email));
      await page.getByTestId('returned').filter({ hasText: 'confirmed' }).waitFor();
      await fill(page, { email, password: PASSWORD });
      await page.getByTestId('submit').click();
      await page.getByTestId('account-button').filter({ hasText: 'Alice' }).waitFor();
    });

    /** The link of the newest mail to an address. */
    async function linkIn(email: string): Promise<string> {
      const mailed = () => mailServer.mails.findLast(({ to }) => to === email)?.text;
      await expect.poll(mailed, { interval: 20 }).toMatch(/^http\S+$/m);
      return /^http\S+$/m.exec(mailed() ?? '')?.[0] ?? '';
    }
  });

  describe('where a token comes from elsewhere,', () => {
    const JWT = { AUTH_JWT_SECRET: 'a secret of thirty-two bytes or so' };
    let system: TestSystem;

    beforeAll(async () => {
      system = await startTestSystem(JWT);
    });
    afterAll(() => system?.stop());

    test('one can be pasted: an operator sees the usage of the whole installation, also after a reload of the tab', async () => {
      const { page } = await Chat.open(context, `${system.url}/usage`);
      await page.getByTestId('paste-token').waitFor();
      await fill(page, { token: 'no token' });
      await page.getByTestId('submit').click();
      await page.getByTestId('fault-token').waitFor();
      await fill(page, { token: await tokenOf('OPERATOR') });
      await page.getByTestId('submit').click();
      await page.getByTestId('usage-title').filter({ hasText: 'Usage of the whole installation' }).waitFor();
      await page.reload();
      await page.getByTestId('usage-title').waitFor();
      const another = await Chat.open(context, system.url);
      await another.page.getByTestId('paste-token').waitFor();
    });

    const tokenOf = (role: string) =>
      signToken(readTokenArguments(['--sub', 'olga', '--role', role]), loadConfig(JWT));
  });
});

async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.getByTestId(`field-${name}`).fill(value);
}

/** Until what signs somebody in is gone. */
async function submitted(page: Page): Promise<void> {
  await page.getByTestId('sign-in').waitFor({ state: 'detached' });
  await page.getByTestId('composer-input').waitFor();
}

/** The name of the field with the focus. */
function focused(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => document.activeElement?.getAttribute('name'));
}
