import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AnswerWriter, errorBody, writeJson } from './answer-writer.ts';
import { BadRequest, readChatRequest } from './chat-request.ts';
import type { Answerer } from './chunks.ts';

/** An OpenAI-compatible server on the loopback interface. */
export interface Upstream {
  /** Such as `http://127.0.0.1:51234/v1`. */
  readonly baseURL: string;
  /** Destroys every connection and frees the port. Idempotent. */
  close(): Promise<void>;
}

export interface UpstreamOptions {
  answer: Answerer;
  /** What GET /v1/models lists; other models are then 404. Unset: every model is known, and `listed` listed. */
  models?: readonly string[];
  /** Unset: none. */
  listed?: readonly string[];
}

/**
 * Starts a server that speaks enough of OpenAI's protocol for its clients: POST /v1/chat/completions, streamed and whole, and
 * GET /v1/models. It listens on 127.0.0.1 at a port that the system chooses; who can reach it may use it.
 */
export async function startUpstream(options: UpstreamOptions): Promise<Upstream> {
  const server = createServer((incoming, response) => {
    handle(options, incoming, response).catch((error) => fail(response, error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  let closed: Promise<void> | undefined;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

async function handle(
  options: UpstreamOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(incoming.url ?? '/', 'http://upstream');
  const route = `${incoming.method} ${pathname}`;
  if (route === 'GET /v1/models') return listModels(options.models ?? options.listed ?? [], response);
  if (route === 'POST /v1/chat/completions') return answerChat(options, incoming, response);
  throw new BadRequest(404, `Unknown request: ${route}`, 'unknown_url');
}

function listModels(models: readonly string[], response: ServerResponse): void {
  const data = models.map((id) => ({ id, object: 'model', created: 0, owned_by: id.split('/')[0] }));
  writeJson(response, 200, { object: 'list', data });
}

async function answerChat(
  options: UpstreamOptions,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => {
    if (!response.writableEnded) left.abort();
  });
  const request = await readChatRequest(incoming);
  if (options.models && !options.models.includes(request.model)) {
    throw new BadRequest(404, `The model \`${request.model}\` does not exist`, 'model_not_found');
  }
  const writer = new AnswerWriter(request, response, left.signal);
  for await (const chunk of options.answer(request, { signal: left.signal })) {
    if (!(await writer.write(chunk))) return;
  }
  await writer.end();
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (error instanceof BadRequest) writeJson(response, error.status, errorBody(error.message, error.code));
  else writeJson(response, 500, errorBody(String(error), null, 'server_error'));
}
