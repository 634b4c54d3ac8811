import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAIL_TEXTS } from '../../core/domain/texts.ts';
import { rawLog } from '../../test/support/kept-log.ts';
import { startMailServer } from '../../test/support/mail-server.ts';
import { libraryLog } from './library-log.ts';
import { type MailConfig, Mails, openMailTransport } from './mails.ts';

const LINK = 'https://chat.example/auth/reset-password/hunter2';
const MAIL = { to: 'alice@example.com', ...MAIL_TEXTS.reset(LINK) };

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'taskflow-mails-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function mailsWith(config: Partial<MailConfig>) {
  const { log, lines } = rawLog();
  const transport = openMailTransport(
    { dataDir: dir, smtpUrl: undefined, mailFrom: undefined, ...config },
    log,
  );
  return { mails: new Mails(transport, log), lines };
}

/** What the log must not have. */
const expectDiscreet = (lines: readonly string[]) => {
  for (const line of lines) expect(line).not.toMatch(/hunter2|alice/);
};

test('without a mail server a mail is a file for this user alone, and the log has its path only', async () => {
  const { mails, lines } = mailsWith({});
  mails.send(MAIL);
  await mails.stop();
  const [name = '', ...more] = await readdir(join(dir, 'mails'));
  expect(more).toEqual([]);
  const path = join(dir, 'mails', name);
  expect(await readFile(path, 'utf8')).toContain(`To: alice@example.com\n`);
  expect(await readFile(path, 'utf8')).toContain(`\n${LINK}\n`);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(lines).toEqual([expect.stringContaining(JSON.stringify(path))]);
  expectDiscreet(lines);
});

test('a mail server gets the mail as it is', async () => {
  const server = await startMailServer();
  const { mails } = mailsWith({ smtpUrl: server.url, mailFrom: 'TaskFlow <taskflow@example.com>' });
  mails.send(MAIL);
  await mails.stop();
  expect(server.mails).toMatchObject([{ to: 'alice@example.com' }]);
  expect(server.mails[0]?.text).toContain(`\n${LINK}\n`);
  await server.close();
});

test.each([
  [
    'refuses it',
    async () => {
      const server = await startMailServer();
      server.refuse(true);
      return { url: server.url, close: () => server.close() };
    },
  ],
  ['is absent', async () => ({ url: 'smtp://me:hunter2@127.0.0.1:1', close: async () => {} })],
])(
  'a mail is lost where the mail server %s, which the log says without its address',
  async (_what, start) => {
    const { url, close } = await start();
    const { mails, lines } = mailsWith({ smtpUrl: url, mailFrom: 'taskflow@example.com' });
    mails.send(MAIL);
    await mails.stop();
    expect(lines).toEqual([expect.stringMatching(/a mail could not be sent/)]);
    expectDiscreet(lines);
    await close();
  },
);

test('a guest gets no mail', async () => {
  const { mails, lines } = mailsWith({});
  mails.send({ ...MAIL, to: 'x@anonymous.placeholder.invalid' });
  await mails.stop();
  expect([lines, await readdir(dir)]).toEqual([[], []]);
});

test('what better-auth logs has no addresses of people, and no queries of pages', () => {
  const { log, lines } = rawLog();
  const library = libraryLog(log);
  expect(library.level).toBe('warn');
  library.log('error', 'Invalid callbackURL: https://a.example/?token=hunter2', { token: 'hunter2' });
  library.log('error', 'Failed', Object.assign(new Error('why'), { meta: 'hunter2' }));
  library.log('warn', 'Invalid password');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('Invalid callbackURL: https://a.example/?"');
  expect(lines[1]).toContain('"message":"why"');
  expectDiscreet(lines);
});
