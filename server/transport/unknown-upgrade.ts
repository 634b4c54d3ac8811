import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Whether a request asks for the one protocol that the server can change to. */
export function isForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Serves a request as if it had not asked for an upgrade that the server does not know, as RFC 9110, 7.8 lets it: programs
 * send `Upgrade: h2c` with their first request, such as Java's HttpClient. Node has left such a connection to us, so it gets
 * it back, with the request before what follows.
 */
export function serveWithoutUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const { method, url, httpVersion } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`, ...headersWithoutUpgrade(request)];
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/** What belongs to the upgrade alone; HTTP2-Settings: RFC 7540, 3.2.1. */
const OF_UPGRADE: ReadonlySet<string> = new Set(['upgrade', 'http2-settings']);

/** The other headers, as they were sent. */
function headersWithoutUpgrade({ rawHeaders }: IncomingMessage): string[] {
  const lines: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    const key = name.toLowerCase();
    if (OF_UPGRADE.has(key)) continue;
    lines.push(`${name}: ${key === 'connection' ? withoutOptions(value) : value}`);
  }
  return lines;
}

/** A value of Connection without the options that name those headers. */
function withoutOptions(value: string): string {
  const options = value.split(',').map((option) => option.trim());
  return options.filter((option) => !OF_UPGRADE.has(option.toLowerCase())).join(', ');
}
