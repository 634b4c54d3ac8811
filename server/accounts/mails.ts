import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../../core/config/config.ts';
import type { Log } from '../../core/telemetry/log.ts';

/** A mail in plain text. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Delivers mails. Rejects when a mail could not be handed over. */
export interface MailTransport {
  deliver(mail: Mail): Promise<void>;
  close(): void;
}

export type MailConfig = Pick<Config, 'smtpUrl' | 'mailFrom' | 'dataDir'>;

/** How long mails may still take when the server stops, in milliseconds. */
const STOP_WITHIN_MS = 3_000;
/** The most mails that are on their way at once; more are dropped, as the log says. */
const MOST_UNDER_WAY = 200;
/** A top-level domain that never exists (RFC 2606, 2): guests have such addresses. */
const UNDELIVERABLE = /[@.]invalid$/i;

/**
 * Sends mails in the background: how long an answer takes must not show whether a mail was sent. The log
 * has neither addresses nor texts.
 */
export class Mails {
  readonly #transport: Promise<MailTransport>;
  readonly #log: Log;
  readonly #underWay = new Set<Promise<void>>();

  constructor(transport: Promise<MailTransport>, log: Log) {
    this.#transport = transport;
    this.#log = log;
    transport.catch(() => {});
  }

  send(mail: Mail): void {
    if (UNDELIVERABLE.test(mail.to)) return;
    if (this.#underWay.size >= MOST_UNDER_WAY)
      return this.#log.error('too many mails at once: one was dropped');
    const delivery = this.#transport
      .then((transport) => transport.deliver(mail))
      .catch((err) => this.#log.error({ err: withoutMail(err) }, 'a mail could not be sent'))
      .finally(() => this.#underWay.delete(delivery));
    this.#underWay.add(delivery);
  }

  /** Waits for mails under way, for a moment. */
  async stop(): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => {
      late = setTimeout(resolve, STOP_WITHIN_MS);
    });
    await Promise.race([Promise.all(this.#underWay), tooLate]);
    clearTimeout(late);
    await this.#transport.then(
      (transport) => transport.close(),
      () => {},
    );
  }
}

/** A mail server quotes the address in its reply: only the code of the error is logged. */
function withoutMail(error: unknown): Error {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const said = [code, responseCode].filter((one) => typeof one === 'string' || typeof one === 'number');
  return new Error(`the mail was not taken: ${said.join(' ') || 'unknown reason'}`);
}

/** Opens the transport that the configuration names: a mail server, else files. */
export async function openMailTransport(config: MailConfig, log: Log): Promise<MailTransport> {
  if (config.smtpUrl === undefined) return fileTransport(config, log);
  const { smtpTransport } = await import('./smtp-transport.ts');
  return smtpTransport(config.smtpUrl, config.mailFrom);
}

/** Writes mails as files, which only this user may read: the links in them are as good as passwords. */
function fileTransport({ dataDir, mailFrom = 'TaskFlow' }: MailConfig, log: Log): MailTransport {
  const folder = resolve(dataDir, 'mails');
  return {
    async deliver({ to, subject, text }) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const time = new Date();
      const path = join(folder, `${time.toISOString().replaceAll(':', '-')}-${randomUUID().slice(0, 8)}.txt`);
      const lines = [`From: ${mailFrom}`, `To: ${to}`, `Date: ${time.toUTCString()}`, `Subject: ${subject}`];
      await writeFile(path, `${[...lines, '', text].join('\n')}\n`, { mode: 0o600, flag: 'wx' });
      log.info({ path }, 'a mail was written to a file, because SMTP_URL is not set');
    },
    close() {},
  };
}
