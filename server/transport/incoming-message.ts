import { CloseCode } from 'graphql-ws';
import { isPersistedQuery } from '../graphql/persisted-operations.ts';
import type { OperationIds } from './operation-ids.ts';
import type { Rate } from './rate.ts';

/** Why a socket must be closed. */
export interface Fault {
  code: number;
  /** At most 123 bytes (RFC 6455, 5.5). */
  reason: string;
}

/**
 * What to pass to graphql-ws of a client's message: the message with the server's id of its operation, nothing (null), or a
 * fault for which the socket must be closed. graphql-ws checks the shape of messages, and closes with 4400 as well.
 */
export function readMessage(
  text: string,
  ids: OperationIds,
  pings: Pick<Rate, 'add'>,
): string | null | Fault {
  const message = parse(text);
  switch (message?.type) {
    case 'connection_init':
      return text;
    case 'ping':
    case 'pong':
      if (!pings.add()) return TOO_MANY_PINGS;
      // Its pong would repeat the payload. A malformed one is left to graphql-ws.
      return isObject(message.payload) ? JSON.stringify({ type: message.type }) : text;
    case 'subscribe': {
      if (!isId(message.id)) return text;
      const payload = withQuery(message.payload);
      const document = isObject(payload) && typeof payload.query === 'string' ? payload.query : undefined;
      const id = ids.open(message.id, document);
      if (!id) return inUse(message.id);
      const rest = document === undefined ? payload : { ...(isObject(payload) && payload), query: '' };
      return JSON.stringify({ ...message, id, payload: rest });
    }
    case 'complete': {
      if (!isId(message.id)) return text;
      const id = ids.complete(message.id);
      return id && JSON.stringify({ ...message, id });
    }
    default:
      // This includes the messages that only servers send.
      return { code: CloseCode.BadRequest, reason: 'Invalid message received' };
  }
}

export const TOO_MANY_PINGS: Fault = { code: 4429, reason: 'Too many pings' };

/** A hash instead of a document is replaced, or refused, when the operation is prepared; graphql-ws would close the socket. */
function withQuery(payload: unknown): unknown {
  const isHash = isObject(payload) && payload.query === undefined && isPersistedQuery(payload);
  return isHash ? { ...payload, query: '' } : payload;
}

function inUse(id: string): Fault {
  const reason = `Subscriber for ${id} already exists`;
  const fits = Buffer.byteLength(reason) <= 123;
  return {
    code: CloseCode.SubscriberAlreadyExists,
    reason: fits ? reason : 'Subscriber for this id already exists',
  };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const message: unknown = JSON.parse(text);
    return isObject(message) ? message : null;
  } catch {
    return null;
  }
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && id !== '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
