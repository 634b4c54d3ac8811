import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ChatServer } from '@taskflow/demo-model';

/** A response, byte by byte. */
export interface RawResponse {
  /** Default 200. */
  status?: number;
  /** Default: `content-type: text/event-stream`. */
  headers?: Record<string, string>;
  /** Written in order, each in a packet of its own as far as the system allows. */
  body?: readonly string[];
  /** What happens to the connection after the body; default: it ends properly. */
  ending?: 'end' | 'hang' | 'cut';
}

/** A server whose responses a test gives byte by byte. */
export interface RawUpstream extends ChatServer {
  /** The bodies that were sent to it, parsed, in order. */
  readonly requests: readonly Record<string, unknown>[];
  /** Sets the responses to the next requests, in order; the last one is repeated. */
  answer(...responses: readonly RawResponse[]): void;
}

export async function startRawUpstream(): Promise<RawUpstream> {
  const requests: Record<string, unknown>[] = [];
  let plan: RawResponse[] = [];
  const server = createServer((incoming, response) => {
    void readJson(incoming).then((body) => {
      requests.push(body);
      return write(response, (plan.length > 1 ? plan.shift() : plan[0]) ?? {});
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    requests,
    answer(...responses) {
      plan = [...responses];
      requests.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readJson(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString('utf8') || '{}');
}

async function write(response: ServerResponse, raw: RawResponse): Promise<void> {
  response.writeHead(raw.status ?? 200, raw.headers ?? { 'content-type': 'text/event-stream' });
  response.socket?.setNoDelay(true);
  response.flushHeaders();
  for (const part of raw.body ?? []) await new Promise<void>((done) => response.write(part, () => done()));
  if (raw.ending === 'cut') response.destroy();
  else if (raw.ending !== 'hang') response.end();
}
