import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { BadRequest, type ChatRequest, readChatRequest } from './chat-request.ts';
import { Completion } from './completion.ts';

/** An OpenAI-compatible server on the loopback interface. */
export interface ChatServer {
  /** Such as `http://127.0.0.1:51234/v1`. */
  readonly baseURL: string;
  /** Destroys all connections and releases the port. Idempotent. */
  close(): Promise<void>;
}

export interface ChatServerOptions {
  /** The models that GET /v1/models lists. A request may name any model. */
  models: readonly string[];
  /** Writes the answer to a request; the server ends it. `signal` aborts when the client closes its socket before the end. */
  answer(request: ChatRequest, completion: Completion, signal: AbortSignal): Promise<void>;
}

/**
 * Starts a server that speaks enough of OpenAI's protocol for its clients: POST /v1/chat/completions, streamed and whole, and
 * GET /v1/models. It listens on 127.0.0.1 at a port that the system chooses, without authentication.
 */
export async function startChatServer(options: ChatServerOptions): Promise<ChatServer> {
  const server = createServer((incoming, response) => {
    handle(options, incoming, response).catch((error: unknown) => fail(response, error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(options: ChatServerOptions, incoming: IncomingMessage, response: ServerResponse) {
  const { pathname } = new URL(incoming.url ?? '/', 'http://localhost');
  const route = `${incoming.method} ${pathname}`;
  if (route === 'GET /v1/models') {
    const data = options.models.map((id) => ({
      id,
      object: 'model',
      created: 0,
      owned_by: id.split('/')[0],
    }));
    writeJson(response, 200, { object: 'list', data });
  } else if (route === 'POST /v1/chat/completions') {
    const left = new AbortController();
    response.once('close', () => {
      if (!response.writableEnded) left.abort();
    });
    const request = await readChatRequest(incoming);
    const completion = new Completion(request, response);
    await options.answer(request, completion, left.signal);
    await completion.end();
  } else throw new BadRequest(404, `Unknown request: ${route}`, 'unknown_url');
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status, message, type, code } =
    error instanceof BadRequest
      ? { ...error, message: error.message, type: 'invalid_request_error' }
      : { status: 500, message: String(error), type: 'server_error', code: null };
  writeJson(response, status, { error: { message, type, param: null, code } });
}

function writeJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
