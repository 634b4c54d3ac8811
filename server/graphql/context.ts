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

/** What the schema stands on: one for the process. */
export interface Services {
  prisma: PrismaClient;
  feed: Feed;
  changes: ConversationChanges;
  models: Models;
  turns: Turns;
  conversations: Conversations;
  presence: Presence;
  clock: Clock;
  /** Takes telemetry; rejects when the queue is away. */
  inferenceJobs: Pick<JobProducer<InferenceRecord>, 'add' | 'removeFailed'>;
}

export interface Viewer {
  id: string;
  role: 'USER' | 'ADMIN' | 'OPERATOR' | 'SERVICE';
}

/** What every resolver is handed: one for each operation. */
export interface GraphQLContext extends Services {
  viewer: Viewer;
  /** What is live of a conversation as it was looked at for this operation, by the row that it was looked at for. */
  states: WeakMap<object, FeedState>;
  /** The cursor of the header `Last-Event-ID`, which an event source sends when it reconnects; null without one. */
  lastEventId: string | null;
  delivered: Delivered;
}

/** `request` is the one of HTTP; a WebSocket's operations have none. */
export function createContext(services: Services, viewer: Viewer, request?: Request): GraphQLContext {
  return {
    ...services,
    viewer,
    states: new WeakMap(),
    // Empty is how an event source says that it has none.
    lastEventId: request?.headers.get('last-event-id') || null,
    delivered: new Delivered(),
  };
}

/** What a transport hands every operation to. */
export type GraphQLServer = YogaServerInstance<Record<string, unknown>, GraphQLContext>;
