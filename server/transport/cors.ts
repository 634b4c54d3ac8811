import type { IncomingMessage, ServerResponse } from 'node:http';
import { REQUEST_ID_HEADER } from './request-id.ts';
import { STREAM_TOKEN_HEADER } from './single-connection.ts';

/** What a page may send: what Apollo's, urql's and Relay's clients send, an event source's cursor, a trace. */
const REQUEST_HEADERS = [
  'content-type',
  'authorization',
  'accept',
  REQUEST_ID_HEADER,
  'last-event-id',
  STREAM_TOKEN_HEADER,
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'apollographql-client-name',
  'apollographql-client-version',
  'traceparent',
  'tracestate',
].join(', ');

/** What a page may read beside what browsers show of any answer. */
const RESPONSE_HEADERS = [REQUEST_ID_HEADER, 'retry-after'].join(', ');

/** For how long a browser need not ask again, in seconds: the most that Chromium keeps it. */
const PREFLIGHT_SECONDS = '7200';

/**
 * Lets the pages of some origins read the answers, errors included, and answers their preflights. Cookies and other
 * credentials are not let through. Yoga's own option sees only what reaches GraphQL, names the first origin to every
 * caller when there is one, and then leaves out `Vary`.
 * @returns whether that was the whole answer
 */
export function shareWithOrigins(
  request: IncomingMessage,
  response: ServerResponse,
  allowedOrigins: ReadonlySet<string>,
): boolean {
  if (allowedOrigins.size === 0) return false;
  response.setHeader('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || !allowedOrigins.has(origin)) return false;
  response.setHeader('access-control-allow-origin', origin);
  if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) {
    response.setHeader('access-control-expose-headers', RESPONSE_HEADERS);
    return false;
  }
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': PREFLIGHT_SECONDS,
  });
  response.end();
  return true;
}
