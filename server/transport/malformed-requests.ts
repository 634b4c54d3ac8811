import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Refusal, refuse, refuseUpgrade } from './refusal.ts';

/**
 * Answers what is not HTTP, is sent too slowly, or expects more than `100-continue`, with an error as JSON: Node would
 * answer with a status alone. A response that has begun is cut off, because the answer would become a part of it.
 */
export function answerMalformed(server: Server): void {
  server.on('checkExpectation', (_request, response) => refuse(response, UNEXPECTED));
  const responses = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (request, response) => responses.set(request.socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const response = responses.get(socket);
    const hasBegun = response?.headersSent === true && !response.writableFinished;
    if (hasBegun || !socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else refuseUpgrade(socket, REFUSALS[error.code ?? ''] ?? MALFORMED);
  });
}

const UNEXPECTED: Refusal = {
  status: 417,
  code: 'EXPECTATION_FAILED',
  message: 'Of the header Expect, only 100-continue is known.',
};

const MALFORMED: Refusal = {
  status: 400,
  code: 'BAD_REQUEST',
  message:
    'This is not a request of HTTP/1.1: its first line, a header or the size of its body is malformed.',
};

/** By the codes of Node's errors. */
const REFUSALS: Record<string, Refusal | undefined> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'REQUEST_TIMEOUT',
    message: 'The request was not complete in time.',
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'REQUEST_HEADER_FIELDS_TOO_LARGE',
    message: 'The headers are too large: at most 16 KiB in all.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: 'REQUEST_ENTITY_TOO_LARGE',
    message: 'The extensions of a chunk are too large: at most 16 KiB.',
  },
};
