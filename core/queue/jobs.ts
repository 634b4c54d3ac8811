import { z } from 'zod';
import { DEFAULT_TENANT, LOCAL_OWNER } from '../domain/owner.ts';

/** A kind of job: its queue, its data, and the id that makes adding it idempotent. */
export interface JobDefinition<T> {
  readonly queue: string;
  /** Schema of the data, parsed when the job is added and again when it runs. */
  readonly schema: z.ZodType<T>;
  readonly id: (data: T) => string;
  /** Number of attempts, with waits that double from `waitMs`. Unset: attempts for about a day. */
  readonly tries?: { attempts: number; waitMs: number };
  /** A periodic job that mostly finds nothing to do: it is not traced, because its traces would bury the others. */
  readonly isRoutine?: true;
}

const turn = z.object({
  conversationId: z.uuid(),
  turnId: z.uuid(),
  /** Jobs of versions without owners have none. */
  owner: z.string().default(LOCAL_OWNER.owner),
  /** Jobs of versions without tenants have none. */
  tenant: z.string().default(DEFAULT_TENANT),
});
export type TurnJob = z.infer<typeof turn>;

/** Speaks one answer. Its id is the turn's. */
export const turnJob: JobDefinition<TurnJob> = { queue: 'turns', schema: turn, id: ({ turnId }) => turnId };

/** Speaks the stored rest of one answer, at a reader's pace. Its id is the turn's. */
export const restJob: JobDefinition<TurnJob> = { queue: 'rests', schema: turn, id: ({ turnId }) => turnId };

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
  /** For a message that waits for the end of the sentence that a turn is speaking. */
  z.object({ kind: z.literal('sentence-end'), conversationId: z.uuid(), turnId: z.uuid() }),
]);
export type TimerJob = z.infer<typeof timer>;

/** Checks a conversation after a delay. One of each kind per conversation, or per turn; arming it again replaces it. */
export const timerJob: JobDefinition<TimerJob> = {
  queue: 'timers',
  schema: timer,
  id: (timer) => `${timer.kind}-${timer.kind === 'sentence-end' ? timer.turnId : timer.conversationId}`,
};

const sweep = z.object({});

/** The sweep: finds what a crash left, such as unpublished outboxes and pending turns without a job. */
export const sweepJob: JobDefinition<z.infer<typeof sweep>> = {
  queue: 'sweep',
  schema: sweep,
  id: () => 'sweep',
  isRoutine: true,
};

const prune = z.object({});

/** Deletes records older than INFERENCE_LOG_DAYS from the log of calls to models. */
export const pruneJob: JobDefinition<z.infer<typeof prune>> = {
  queue: 'prune',
  schema: prune,
  id: () => 'prune',
  isRoutine: true,
};
