import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** A server that takes every mail, by as much of SMTP (RFC 5321) as that needs. */
export interface MailServer {
  /** Its address, such as `smtp://127.0.0.1:2525`. */
  readonly url: string;
  /** The mails that it took, with their headers, and whom they went to. */
  readonly mails: readonly { to: string; text: string }[];
  /** From now on mails are refused for good, or taken again. */
  refuse(isRefused: boolean): void;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const mails: { to: string; text: string }[] = [];
  let isRefusing = false;
  const server = createServer((socket) => {
    let to = '';
    let text: string[] | null = null;
    const say = (line: string) => void socket.write(`${line}\r\n`);
    say('220 ready');
    socket.on('error', () => {});
    createInterface({ input: socket }).on('line', (line) => {
      if (text && line !== '.') return void text.push(line.replace(/^\./, ''));
      if (text) {
        mails.push({ to, text: unfolded(text) });
        text = null;
        return say('250 taken');
      }
      const [, address = ''] = /^RCPT TO:<(.*)>/i.exec(line) ?? [];
      if (address) to = address;
      if (address && isRefusing) return say(`550 no such mailbox: ${address}`);
      if (/^DATA/i.test(line)) text = [];
      if (/^QUIT/i.test(line)) return void socket.end('221 bye\r\n');
      say(text ? '354 go ahead' : '250 ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    refuse(isRefused) {
      isRefusing = isRefused;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The lines of a mail as they were before they were encoded as quoted-printable (RFC 2045, 6.7). */
function unfolded(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replaceAll('=\n', '')
    .replaceAll(/=([\dA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
