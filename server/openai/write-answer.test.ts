import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Piece } from './answer.ts';
import { ApiError } from './api-error.ts';
import { writeStream } from './write-answer.ts';

let server: Server;
/** The server's side of the newest response. */
let written: ServerResponse;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const END: Piece = { type: 'end', usage: null, isTruncated: false };

/** The response to a stream of these pieces, and what `writeStream` rejects with. */
async function respond(pieces: AsyncIterable<Piece>, heartbeatMs = 60_000) {
  const left = new AbortController();
  let reject: (error: unknown) => void = () => {};
  const failed = new Promise<unknown>((resolve) => {
    reject = resolve;
  });
  server = createServer((_request, response) => {
    written = response;
    response.once('close', () => left.abort());
    const options = {
      ...{ signal: left.signal, includeUsage: false, heartbeatMs },
      errorOf: () => new ApiError(503, 'It failed.', { code: 'x' }),
    };
    writeStream(response, { id: 'a', model: 'm', pieces }, options).catch((error) => {
      reject(error);
      response.writeHead(503, { 'content-type': 'application/json' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { response, failed };
}

/** Reads a body up to the first text that satisfies the predicate. */
async function readUntil(response: Response, satisfied: (text: string) => boolean): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (satisfied(text)) return text;
  }
  throw new Error(`the body has ended: ${text}`);
}

test('a silent stream begins with the role at the first heartbeat, and goes on with comments', async () => {
  async function* silent(): AsyncGenerator<Piece> {
    await new Promise(() => {});
  }
  const { response } = await respond(silent(), 5);
  expect(response.status).toBe(200);
  const text = await readUntil(response, (all) => all.split(':\n\n').length > 3);
  expect(text).toMatch(/^data: \{.*"role":"assistant".*\}\n\n(?::\n\n)+$/);
});

test('an error before the first text is thrown, so that it gets a status', async () => {
  const fault = new Error('no');
  const failing = (async function* (): AsyncGenerator<Piece> {
    yield { type: 'model', model: 'n' };
    throw fault;
  })();
  const { response, failed } = await respond(failing);
  expect(await failed).toBe(fault);
  expect([response.status, response.headers.get('content-type')]).toEqual([503, 'application/json']);
});

test('an error after it is an event, and the stream ends without [DONE]', async () => {
  const failing = (async function* (): AsyncGenerator<Piece> {
    yield { type: 'text', text: 'One' };
    throw new Error('no');
  })();
  const { response } = await respond(failing);
  const text = await response.text();
  expect(text).not.toContain('[DONE]');
  const body = { error: { message: 'It failed.', type: 'server_error', param: null, code: 'x' } };
  expect(text.endsWith(`data: ${JSON.stringify(body)}\n\n`)).toBe(true);
});

test('a model that answers instead is named from then on', async () => {
  const other = (async function* (): AsyncGenerator<Piece> {
    yield { type: 'model', model: 'n' };
    yield END;
  })();
  const { response } = await respond(other);
  const text = await response.text();
  expect(text.match(/"model":"[mn]"/g)).toEqual(['"model":"n"', '"model":"n"']);
});

test('a caller who reads slowly holds back the answer, and gets all of it', async () => {
  let made = 0;
  const long = (async function* (): AsyncGenerator<Piece> {
    for (; made < 400; made++) yield { type: 'text', text: 'x'.repeat(64 * 1024) };
    yield END;
  })();
  const { response } = await respond(long);
  await expect.poll(() => written.writableNeedDrain).toBe(true);
  expect(made).toBeLessThan(400);
  expect((await response.text()).endsWith('data: [DONE]\n\n')).toBe(true);
  expect(made).toBe(400);
});

test('the answer ends when its caller leaves while it is held back', async () => {
  let isOver = false;
  const long = (async function* (): AsyncGenerator<Piece> {
    try {
      for (let made = 0; made < 400; made++) yield { type: 'text', text: 'x'.repeat(64 * 1024) };
    } finally {
      isOver = true;
    }
  })();
  const { response } = await respond(long);
  await response.body?.cancel();
  await expect.poll(() => isOver).toBe(true);
});
