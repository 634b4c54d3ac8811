import DataLoader from 'dataloader';
import type { YogaServerInstance } from 'graphql-yoga';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Waiting } from '../../core/async/waiting.ts';
import type { Clock } from '../../core/clock/clock.ts';
import type { Conversations } from '../../core/conversations/conversations.ts';
import type { Caller } from '../../core/domain/caller.ts';
import type { RateLimitedError } from '../../core/domain/errors.ts';
import type { Owner } from '../../core/domain/owner.ts';
import type { InferenceRecord } from '../../core/inference/inference-record.ts';
import type { ConversationChanges } from '../../core/live/changes/conversation-changes.ts';
import type { HeardEvent } from '../../core/live/feed/events.ts';
import type { Feed, FeedState } from '../../core/live/feed/feed.ts';
import type { Presence } from '../../core/live/presence/presence.ts';
import type { Revocations } from '../../core/live/revocations/revocations.ts';
import type { Models } from '../../core/llm/registry/models.ts';
import type { JobProducer } from '../../core/queue/job-producer.ts';
import type { ApiTokens } from '../../core/store/api-tokens.ts';
import type { InferenceLogs } from '../../core/store/inference-logs.ts';
import type { MessageSearch } from '../../core/store/message-search.ts';
import type { MessageBranch, OwnRows } from '../../core/store/own-rows.ts';
import type { Branches } from '../../core/turns/branches.ts';
import type { Turns } from '../../core/turns/turns.ts';
import type { Authenticator } from '../accounts/authenticator.ts';
import type { Session } from '../accounts/sessions.ts';
import type { Budget } from '../limits/budget.ts';
import type { Limits } from '../limits/limits.ts';
import { LoopTurns } from '../limits/loop-turns.ts';
import type { CompiledQuery } from './compiled/compiled-query.ts';
import { Delivered } from './delivered.ts';
import { FIELDS_PER_MS, ResultSize } from './result-size.ts';

/** What the resolvers use: one of each per process. */
export interface Services {
  inferenceLogs: InferenceLogs;
  feed: Feed;
  changes: ConversationChanges;
  models: Models;
  turns: Turns;
  branches: Branches;
  conversations: Conversations;
  presence: Presence;
  clock: Clock;
  ownRows(owner: Owner): OwnRows;
  apiTokens: ApiTokens;
  search: Pick<MessageSearch, 'hits'>;
  revocations: Pick<Revocations, 'publish'>;
  authenticator: Pick<Authenticator, 'authenticate'>;
  limits: Limits;
  budget: Pick<Budget, 'admission'>;
  /** Takes telemetry; rejects when the queue is unavailable. */
  inferenceJobs: Pick<JobProducer<InferenceRecord>, 'add' | 'removeFailed'>;
}

/** The context that every resolver gets: one for each operation. */
export interface GraphQLContext extends Services {
  viewer: Caller;
  /** The session that the operation came by; null over HTTP. */
  session: Session | null;
  /** From where it came, see `transport/caller-address.ts`. */
  address: string;
  /** The WebSocket, or the stream of many operations, by which it came; null: a request of its own. */
  connection: object | null;
  /** The operation, if it is compiled; null: the executor runs it. */
  compiled: CompiledQuery | null;
  /** Why its mutations are refused; null: they are not. */
  refusal: RateLimitedError | null;
  /** What the viewer has. */
  own: OwnRows;
  /** The places of messages among their alternatives, by id: those that are asked for at once are read together. */
  branchOf: DataLoader<string, MessageBranch | null>;
  /** The live state of conversations as it was read for this operation, by the row that it was read for. */
  states: WeakMap<object, FeedState>;
  /** The cursor in the header `Last-Event-ID`, which an event source sends when it reconnects; null without one. */
  lastEventId: string | null;
  delivered: Delivered;
  /** The source of a subscription to a conversation, once it is open. */
  live: { waiting: Waiting<HeardEvent> | null };
  resultSize: ResultSize;
  /** Lets a few pages of messages be read at once: the others wait, and are not read once the result is too large. */
  pageReads: LimitFunction;
}

/** What the transport knows of an operation. */
export interface CallContext {
  caller: Caller;
  address: string;
  /** See {@link GraphQLContext}. */
  connection?: object;
  compiled?: CompiledQuery;
  /** Its id in the log, where its lines do not get that by themselves. */
  requestId?: string;
  /** The session of a WebSocket; over HTTP each request brings its own right. */
  session?: Session;
}

/** Of the pool's ten connections, so that one operation does not take all of them. */
const PAGES_AT_ONCE = 4;

/** One slice of the work on a large result in each turn of the event loop, whichever of them it is for. */
const LARGE_RESULTS = new LoopTurns(() => 0, Number.POSITIVE_INFINITY);

/** `request` is the HTTP request; operations over a WebSocket have none. `responseMaxBytes`: see {@link ResultSize}. */
export function createContext(
  services: Services,
  { caller: viewer, address, connection, compiled, session = undefined }: CallContext,
  responseMaxBytes: number,
  request?: Request,
): GraphQLContext {
  const own = services.ownRows(viewer);
  return {
    ...services,
    viewer,
    session: session ?? null,
    address,
    connection: connection ?? null,
    compiled: compiled ?? null,
    refusal: null,
    own,
    branchOf: branchLoader(own),
    states: new WeakMap(),
    // An event source that has no cursor can send an empty header.
    lastEventId: request?.headers.get('last-event-id') || null,
    delivered: new Delivered(),
    live: { waiting: null },
    resultSize: new ResultSize(
      responseMaxBytes,
      LARGE_RESULTS,
      compiled ? FIELDS_PER_MS.compiled : FIELDS_PER_MS.executed,
    ),
    pageReads: pLimit(PAGES_AT_ONCE),
  };
}

/** A subscription's context lives long: nothing is kept. */
function branchLoader(own: OwnRows): DataLoader<string, MessageBranch | null> {
  return new DataLoader(
    async (ids) => {
      const found = new Map((await own.branchesOf([...new Set(ids)])).map((branch) => [branch.id, branch]));
      return ids.map((id) => found.get(id) ?? null);
    },
    { cache: false },
  );
}

/** The engine to which every transport passes its operations. */
export type GraphQLServer = YogaServerInstance<Record<string, unknown>, GraphQLContext>;
