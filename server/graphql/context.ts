import type { YogaServerInstance } from 'graphql-yoga';
import type { Clock } from '../../core/clock/clock.ts';
import type { Conversations } from '../../core/conversations/conversations.ts';
import type { InferenceRecord } from '../../core/inference/inference-record.ts';
import type { ConversationChanges } from '../../core/live/changes/conversation-changes.ts';
import type { Feed, FeedState } from '../../core/live/feed/feed.ts';
import type { Presence } from '../../core/live/presence/presence.ts';
import type { Models } from '../../core/llm/registry/models.ts';
import type { JobProducer } from '../../core/queue/job-producer.ts';
import type { Turns } from '../../core/turns/turns.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { Delivered } from './delivered.ts';

/** What the resolvers use: one of each per process. */
export interface Services {
  prisma: PrismaClient;
  feed: Feed;
  changes: ConversationChanges;
  models: Models;
  turns: Turns;
  conversations: Conversations;
  presence: Presence;
  clock: Clock;
  /** Takes telemetry; rejects when the queue is unavailable. */
  inferenceJobs: Pick<JobProducer<InferenceRecord>, 'add' | 'removeFailed'>;
}

export interface Viewer {
  id: string;
  role: 'USER' | 'ADMIN' | 'OPERATOR' | 'SERVICE';
}

/** The context that every resolver gets: one for each operation. */
export interface GraphQLContext extends Services {
  viewer: Viewer;
  /** The live state of conversations as it was read for this operation, by the row that it was read for. */
  states: WeakMap<object, FeedState>;
  /** The cursor in the header `Last-Event-ID`, which an event source sends when it reconnects; null without one. */
  lastEventId: string | null;
  delivered: Delivered;
}

/** `request` is the HTTP request; operations over a WebSocket have none. */
export function createContext(services: Services, viewer: Viewer, request?: Request): GraphQLContext {
  return {
    ...services,
    viewer,
    states: new WeakMap(),
    // An event source that has no cursor can send an empty header.
    lastEventId: request?.headers.get('last-event-id') || null,
    delivered: new Delivered(),
  };
}

/** The engine to which every transport passes its operations. */
export type GraphQLServer = YogaServerInstance<Record<string, unknown>, GraphQLContext>;
