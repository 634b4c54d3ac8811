import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Refusal } from './refusal.ts';
import { accepts } from './streams/accepts.ts';
import { formatFor } from './streams/choose-format.ts';

/** Media types of a response that is not a stream. */
const RESULT_TYPES = ['application/graphql-response+json', 'application/json'];

/** Media types of the body of a POST (GraphQL over HTTP, 5.4). */
const JSON_TYPES = ['application/json', 'application/graphql+json'];

/** Refuses a request whose method, body or `Accept` does not fit GraphQL over HTTP, before any work is done for it. */
export function formatRefusal(request: IncomingMessage): Refusal | null {
  return methodRefusal(request) ?? bodyRefusal(request) ?? resultRefusal(request);
}

function methodRefusal({ method }: IncomingMessage): Refusal | null {
  if (method === 'GET' || method === 'POST') return null;
  return {
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    message: 'GraphQL is called with GET or POST, its streams with PUT and DELETE, too.',
    headers: { allow: 'GET, POST, PUT, DELETE' },
  };
}

function bodyRefusal({ method, headers }: IncomingMessage): Refusal | null {
  return method === 'POST' ? jsonRefusal(headers, 'the operation', JSON_TYPES) : null;
}

/**
 * A POST must be JSON in UTF-8: the other types include all those that a page of any origin can send without a preflight.
 * Media types are compared without case and without their parameters (RFC 9110, 8.3.1). `what`: what the body is, for
 * people.
 */
export function jsonRefusal(
  headers: IncomingHttpHeaders,
  what: string,
  types: readonly string[] = ['application/json'],
): Refusal | null {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((one) => /^\s*charset="?([^"]*)"?\s*$/.exec(one)?.[1]?.trim()).find(Boolean);
  if (!types.includes(type.trim()) || !['utf-8', 'utf8', undefined].includes(charset))
    return unsupported(`Send ${what} as application/json in UTF-8.`, {
      accept: 'application/json',
      'accept-post': 'application/json; charset=utf-8',
    });
  const encoding = headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding !== 'identity')
    return unsupported(`Send ${what} without a content encoding.`, { 'accept-encoding': 'identity' });
  return null;
}

function resultRefusal({ headers }: IncomingMessage): Refusal | null {
  if (accepts(headers.accept, RESULT_TYPES) || formatFor(headers.accept)) return null;
  return {
    status: 406,
    code: 'NOT_ACCEPTABLE',
    message:
      'GraphQL is answered as application/graphql-response+json or application/json, a subscription as text/event-stream or multipart/mixed;subscriptionSpec=1.0.',
  };
}

function unsupported(message: string, headers: Record<string, string>): Refusal {
  return { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message, headers };
}
