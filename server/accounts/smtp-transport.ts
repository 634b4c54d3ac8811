import { createTransport } from 'nodemailer';
import type { MailTransport } from './mails.ts';

/** A mail server that does not answer within this time is unavailable, in milliseconds. */
const ANSWER_WITHIN_MS = 10_000;

/** Sends mails by SMTP. */
export function smtpTransport(url: string, from: string | undefined): MailTransport {
  const transport = createTransport(
    {
      url,
      pool: true,
      connectionTimeout: ANSWER_WITHIN_MS,
      greetingTimeout: ANSWER_WITHIN_MS,
      socketTimeout: 2 * ANSWER_WITHIN_MS,
      // What a mail refers to is never fetched or read.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async deliver({ to, subject, text }) {
      // As an object, so that nothing in it is read as a list of addresses.
      await transport.sendMail({ to: { name: '', address: to }, subject, text });
    },
    close: () => transport.close(),
  };
}
