import { z } from 'zod';
import { LOCAL_USER_ID } from '../domain/owner.ts';

/** A kind of job: its queue, what it carries, and the id that makes adding it twice the same as once. */
export interface JobDefinition<T> {
  readonly queue: string;
  /** Parsed where the job is added and again where it runs. */
  readonly schema: z.ZodType<T>;
  readonly id: (data: T) => string;
  /** How often it is tried, the waits between doubling from `waitMs`; unset: for about a day. */
  readonly tries?: { attempts: number; waitMs: number };
  /** Runs by the clock, mostly for nothing: it is in no trace, where it would bury the others. */
  readonly isRoutine?: true;
}

const turn = z.object({
  conversationId: z.uuid(),
  turnId: z.uuid(),
  /** Jobs that were added before owners were told apart name none. */
  owner: z.string().default(LOCAL_USER_ID),
});
export type TurnJob = z.infer<typeof turn>;

/** Speaks one answer. Its id is the turn's. */
export const turnJob: JobDefinition<TurnJob> = { queue: 'turns', schema: turn, id: ({ turnId }) => turnId };

const timer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('idle'),
    conversationId: z.uuid(),
    /** The conversation's newest turn when the silence began; null: not known. */
    turnId: z.uuid().nullable(),
    /** Whether that turn was a nudge. */
    nudged: z.boolean(),
  }),
  z.object({ kind: z.literal('typing-lapse'), conversationId: z.uuid() }),
  z.object({ kind: z.literal('typing-nudge'), conversationId: z.uuid() }),
]);
export type TimerJob = z.infer<typeof timer>;

/** Looks at a conversation when a delay has passed. One of each kind per conversation; arming it again replaces it. */
export const timerJob: JobDefinition<TimerJob> = {
  queue: 'timers',
  schema: timer,
  id: ({ kind, conversationId }) => `${kind}-${conversationId}`,
};

const sweep = z.object({});

/** Looks for conversations that are owed an answer which nobody is at work on. */
export const sweepJob: JobDefinition<z.infer<typeof sweep>> = {
  queue: 'sweep',
  schema: sweep,
  id: () => 'sweep',
  isRoutine: true,
};

const prune = z.object({});

/** Deletes what is older than INFERENCE_LOG_DAYS from the log of calls to models. */
export const pruneJob: JobDefinition<z.infer<typeof prune>> = {
  queue: 'prune',
  schema: prune,
  id: () => 'prune',
  isRoutine: true,
};
