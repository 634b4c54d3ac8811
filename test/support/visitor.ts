import { randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Data, TestSystem } from './harness.ts';
import { requestAs } from './tokens.ts';

/** The variables of a server with accounts. */
export const WITH_ACCOUNTS = {
  AUTH_MODE: 'accounts',
  AUTH_SECRET: 'the secret of the tests, of thirty-two bytes',
  IDLE_NUDGE_MS: '3600000',
};

export const PASSWORD = 'correct horse battery';

interface Answered {
  status: number;
  headers: Headers;
  body: Data;
}

/** Somebody with a browser of their own: it keeps cookies and sends the origin of the page. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #url: string;
  readonly #origin: string;

  /** `origin`: that of the page, as the visitor sees it. */
  constructor(url: string, origin = url) {
    this.#url = url;
    this.#origin = origin;
  }

  get(path: string): Promise<Answered> {
    return this.#send(path, { method: 'GET' });
  }

  post(path: string, body: object = {}, headers: Record<string, string> = {}): Promise<Answered> {
    return this.#send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.#origin, ...headers },
      body: JSON.stringify(body),
    });
  }

  signUp(email: string, more: object = {}): Promise<Answered> {
    return this.post('/auth/sign-up/email', { name: 'Alice', email, password: PASSWORD, ...more });
  }

  signIn(email: string, password = PASSWORD): Promise<Answered> {
    return this.post('/auth/sign-in/email', { email, password });
  }

  /** A token for the API. Fails if the visitor is not signed in. */
  async token(): Promise<string> {
    const { status, body } = await this.get('/auth/token');
    expect([status, body]).toEqual([200, { token: expect.any(String) }]);
    return body.token;
  }

  /** Who the API says they are. */
  async viewer(): Promise<Data> {
    const { data } = await requestAs(this.#url, await this.token(), '{ viewer { id tenant role name } }');
    return data.viewer;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async #send(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Answered> {
    const response = await fetch(new URL(path, this.#url), {
      ...init,
      redirect: 'manual',
      headers: {
        ...(this.cookies.size > 0 && { cookie: this.cookie }),
        // As from behind a proxy, each time from another address: these tests are not about limits.
        'x-forwarded-for': `203.0.${randomInt(256)}.${randomInt(256)}`,
        ...init.headers,
      },
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    if (attributes.some((one) => /^max-age=0$/i.test(one))) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(at + 1));
  }
}

/** An address that nobody has had. */
let addresses = 0;
export const newAddress = (): string => `person${++addresses}-${Date.now()}@example.com`;

/** The link in the newest mail to an address, once it is written. */
export async function linkMailedTo({ app }: TestSystem, email: string, subject: RegExp): Promise<string> {
  const mail = await expect
    .poll(async () => (await mailsTo(app.config.dataDir, email)).filter((one) => subject.test(one)).at(-1), {
      interval: 20,
    })
    .toBeDefined()
    .then(async () => (await mailsTo(app.config.dataDir, email)).filter((one) => subject.test(one)).at(-1));
  const link = /^https?:\S+$/m.exec(mail ?? '')?.[0];
  if (!link) throw new Error('the mail has no link');
  return link;
}

async function mailsTo(dataDir: string, email: string): Promise<string[]> {
  const folder = join(dataDir, 'mails');
  const names = await readdir(folder).catch(() => []);
  const mails = await Promise.all(names.toSorted().map((name) => readFile(join(folder, name), 'utf8')));
  return mails.filter((mail) => mail.includes(`\nTo: ${email}\n`));
}
