import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export interface TestProxy {
  /** Host and port. */
  readonly address: string;
  /** Each request as `METHOD target authorization`, in order. */
  readonly asked: readonly string[];
  close(): void;
}

/** A forward proxy that connects every host name to the server at `port` of this machine. */
export async function startTestProxy(port: number): Promise<TestProxy> {
  const asked: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url} ${authOf(incoming)}`.trim());
    const { pathname } = new URL(incoming.url ?? '');
    const { method, headers } = incoming;
    const onward = httpRequest({ host: '127.0.0.1', port, path: pathname, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    outgoing.on('close', () => onward.destroy());
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  proxy.on('connect', (incoming, socket) => {
    asked.push(`CONNECT ${incoming.url} ${authOf(incoming)}`.trim());
    const onward = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    onward.pipe(socket).pipe(onward);
    for (const end of [onward, socket]) end.on('error', () => {});
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return {
    address: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    asked,
    close() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

const authOf = ({ headers }: IncomingMessage) => headers['proxy-authorization'] ?? '';
