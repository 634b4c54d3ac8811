import type { IncomingMessage, ServerResponse } from 'node:http';
import { REQUEST_ID_HEADER } from './request-id.ts';
import { STREAM_TOKEN_HEADER } from './single-connection.ts';

/**
 * Headers that a page may send: those of Apollo's, urql's, Relay's and OpenAI's clients, an event source's cursor, a trace.
 */
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
  'idempotency-key',
  'x-taskflow-conversation',
  'openai-organization',
  'openai-project',
  'x-stainless-arch',
  'x-stainless-helper-method',
  'x-stainless-lang',
  'x-stainless-os',
  'x-stainless-package-version',
  'x-stainless-retry-count',
  'x-stainless-runtime',
  'x-stainless-runtime-version',
  'x-stainless-timeout',
].join(', ');

/** Headers that a page may read, besides those that browsers always show. */
const RESPONSE_HEADERS = [REQUEST_ID_HEADER, 'retry-after', 'x-should-retry'].join(', ');

/** How long a browser may cache a preflight, in seconds: the maximum of Chromium. */
const PREFLIGHT_SECONDS = '7200';

/**
 * Lets pages of the allowed origins read responses, including errors, and answers their preflights. Cookies and other
 * credentials are not allowed. Yoga's own option sees only requests that reach GraphQL; with a single origin, it names
 * that one to every caller and leaves out `Vary`.
 * @returns whether the response is complete
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
