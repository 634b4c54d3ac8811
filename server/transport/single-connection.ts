import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RateLimitedError } from '../../core/domain/errors.ts';
import { isSameOwner, type Owner, ownerKey, ownerOf } from '../../core/domain/owner.ts';
import type { Limits } from '../limits/limits.ts';
import type { Refusals } from '../limits/refusals.ts';
import { limitRefusal } from './limit-refusal.ts';
import { type Refusal, refuse } from './refusal.ts';
import { accepts } from './streams/accepts.ts';
import { EVENT_STREAM } from './streams/event-stream.ts';
import { OperationStream } from './streams/operation-stream.ts';
import { StreamedOperation } from './streams/streamed-operation.ts';
import type { UnreadBytes } from './unread-bytes.ts';

/** The header with a stream's token; an event source, which cannot set headers, sends it in the URL as `token`. */
export const STREAM_TOKEN_HEADER = 'x-graphql-event-stream-token';
/** How long a reserved stream waits to be opened, in milliseconds: clients open it at once. */
const OPEN_WITHIN_MS = 10_000;
/** How many streams may be reserved and not yet open. */
const MOST_RESERVED = 200;

/** What a {@link SingleConnections} needs. */
interface SingleConnectionsOptions {
  limits: Pick<Limits, 'beginSocket'>;
  unread: UnreadBytes;
  /** How much may be unread of one stream, in bytes. */
  maxUnread: number;
  refusals: Pick<Refusals, 'count'>;
}

/**
 * The single connection mode of GraphQL over SSE: PUT reserves a stream and returns its token, GET opens it, POST executes
 * an operation whose results go into it, DELETE completes an operation. Processes do not share streams.
 */
export class SingleConnections {
  readonly #streams = new Map<string, { owner: Owner; stream: OperationStream }>();
  readonly #options: SingleConnectionsOptions;

  constructor(options: SingleConnectionsOptions) {
    this.#options = options;
  }

  /**
   * Answers the requests of this mode that execute no operation.
   * @returns the operation that the request executes, `answered`, or null when the request is not of this mode
   */
  serve(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Owner,
  ): StreamedOperation | null | 'answered' {
    const search = new URLSearchParams(/\?(.*)$/s.exec(request.url ?? '')?.[1]);
    const token = request.headers[STREAM_TOKEN_HEADER] ?? search.get('token');
    if (request.method === 'PUT') return this.#reserve(response, caller);
    if (token === null && request.method !== 'DELETE') return null;
    const reserved = this.#streams.get(String(token));
    // A stream of another caller is answered as one that does not exist.
    if (!reserved || !isSameOwner(reserved.owner, caller)) return refused(response, NO_STREAM);
    const { stream } = reserved;
    if (request.method === 'POST') return new StreamedOperation(stream);
    if (request.method === 'DELETE') return complete(stream, search.get('operationId'), response);
    if (request.method === 'GET') return open(stream, request, response);
    return null;
  }

  #reserve(response: ServerResponse, caller: Owner): 'answered' {
    let reserved = 0;
    for (const { stream } of this.#streams.values()) if (!stream.isOpen) reserved++;
    if (reserved >= MOST_RESERVED) return refused(response, TOO_MANY);
    const { limits, unread, maxUnread, refusals } = this.#options;
    let release: () => void;
    try {
      release = limits.beginSocket(caller);
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
      return refused(response, limitRefusal(error));
    }
    const token = randomUUID();
    const stream = new OperationStream({
      openWithinMs: OPEN_WITHIN_MS,
      maxUnread,
      onUnread: () => refusals.count('connectionMaxUnreadBytes', ownerKey(caller)),
      onOver: () => {
        this.#streams.delete(token);
        untrack();
        release();
      },
    });
    const untrack = unread.track(caller, () => stream.waiting);
    this.#streams.set(token, { owner: ownerOf(caller), stream });
    response.writeHead(201, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
    response.end(token);
    return 'answered';
  }
}

function open(stream: OperationStream, request: IncomingMessage, response: ServerResponse): 'answered' {
  if (!accepts(request.headers.accept, [EVENT_STREAM.type])) return refused(response, NOT_ACCEPTED);
  if (stream.isOpen) return refused(response, IS_OPEN);
  stream.open(request, response);
  return 'answered';
}

function complete(stream: OperationStream, operationId: string | null, response: ServerResponse): 'answered' {
  if (!operationId) return refused(response, NO_OPERATION_ID);
  stream.complete(operationId);
  response.writeHead(200, { 'content-length': '0' });
  response.end();
  return 'answered';
}

function refused(response: ServerResponse, refusal: Refusal): 'answered' {
  refuse(response, refusal);
  return 'answered';
}

const NO_STREAM: Refusal = {
  status: 404,
  code: 'NOT_FOUND',
  message: 'No stream has this token. Reserve one with PUT, and open it within 10 s.',
};

const IS_OPEN: Refusal = { status: 409, code: 'CONFLICT', message: 'The stream is already open.' };

const NO_OPERATION_ID: Refusal = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'Name the operation in the parameter "operationId".',
};

const NOT_ACCEPTED: Refusal = {
  status: 406,
  code: 'NOT_ACCEPTABLE',
  message: 'Open a stream with Accept: text/event-stream.',
};

const TOO_MANY: Refusal = {
  status: 503,
  code: 'SERVICE_UNAVAILABLE',
  message: 'Too many streams are reserved and not yet open.',
  headers: { 'retry-after': '1' },
};
