import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { isDatabaseUnavailable } from '../db/unavailable.ts';
import { NotFoundError, OutcomeUnknownError, UnavailableError } from '../errors.ts';
import { NotInTimeError, within } from '../within.ts';
import type { Conversations } from './conversations.ts';
import { applied, type Change, type Snapshot } from './draft.ts';

export interface CommitOptions {
  conversations: Conversations;
  /** How long a commit may take, by the database's clock, in milliseconds. After that it is refused, and never done. */
  withinMs: number;
  /** How long a commit whose reply was lost is looked for, in milliseconds. */
  resolveWithinMs?: number;
  /** Between two looks for it, in milliseconds. */
  lookAgainMs?: number;
}

/** What was decided, and what it was decided on. */
export interface Decided<T> {
  /** The row as it is now. */
  snapshot: Snapshot;
  /** Null where nothing was to be changed. */
  change: Change | null;
  result: T;
}

/** Decides what to change; called again on a newer row where another commit came first. May read more. */
export type Decide<T> = (snapshot: Snapshot) => Promise<{ change: Change | null; result: T }>;

const RESOLVE_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 100;
/** How long a look for a lost commit may take, in milliseconds. */
const LOOK_WITHIN_MS = 1_000;
/** How much longer than its deadline a commit's reply is waited for, in milliseconds. */
const REPLY_GRACE_MS = 200;

/**
 * Reads a conversation, decides, and commits what was decided in one statement, until no other commit came first.
 * A refusal has no effect: the statement does nothing past its deadline, however late it arrives; and a commit whose reply
 * was lost is looked up before anybody is told anything.
 *
 * @throws {NotFoundError} when there is no such conversation
 * @throws {UnavailableError} when nothing was committed, nor will be
 * @throws {OutcomeUnknownError} when that could not be learnt
 */
export async function commit<T>(
  {
    conversations,
    withinMs,
    resolveWithinMs = RESOLVE_WITHIN_MS,
    lookAgainMs = LOOK_AGAIN_MS,
  }: CommitOptions,
  conversationId: string,
  decide: Decide<T>,
): Promise<Decided<T>> {
  const begun = performance.now();
  const left = () => Math.max(0, withinMs - (performance.now() - begun));
  let deadline: number | null = null;
  while (true) {
    const snapshot = await inTime(left(), conversations.read(conversationId));
    if (!snapshot) throw new NotFoundError();
    deadline ??= snapshot.now + left();
    const { change, result } = await inTime(left(), decide(snapshot));
    if (!change) return { snapshot, change, result };
    const id = randomBytes(6).toString('base64url');
    const committed = await tried();
    if (committed) return { snapshot: committed, change, result };

    /** What is stored once it is done; null where another commit came first. */
    async function tried(): Promise<Snapshot | null> {
      try {
        const sent = conversations.commit(
          (snapshot as Snapshot).row,
          change as Change,
          id,
          deadline as number,
        );
        const done = await within(left() + REPLY_GRACE_MS, sent);
        if (done.outcome === 'committed') return applied(snapshot as Snapshot, change as Change, done.row);
        if (done.outcome === 'late') throw new UnavailableError();
        return null;
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        return resolved(
          conversations,
          { conversationId, id, deadline: deadline as number, resolveWithinMs, lookAgainMs },
          error,
        );
      }
    }
  }
}

/** Nothing was sent yet that has an effect: when it takes too long, the call is refused. */
async function inTime<T>(ms: number, step: Promise<T>): Promise<T> {
  try {
    return await within(ms, step);
  } catch (error) {
    throw isUnavailable(error) ? new UnavailableError({ cause: error }) : error;
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof NotInTimeError || isDatabaseUnavailable(error);
}

/**
 * Looks for a commit whose reply was lost, until the row names it, or its deadline has passed without.
 * @throws {UnavailableError} when it was not done, nor will be
 */
async function resolved(
  conversations: Conversations,
  lost: {
    conversationId: string;
    id: string;
    deadline: number;
    resolveWithinMs: number;
    lookAgainMs: number;
  },
  cause: unknown,
): Promise<Snapshot> {
  const until = performance.now() + lost.resolveWithinMs;
  while (true) {
    const found = await within(LOOK_WITHIN_MS, conversations.read(lost.conversationId)).catch((error) => {
      if (isUnavailable(error)) return undefined;
      throw error;
    });
    if (found?.row.recentCommits.includes(lost.id)) return found;
    // It was deleted, by this commit's successor: whatever it did is gone.
    if (found === null || (found && found.now > lost.deadline)) throw new UnavailableError({ cause });
    if (performance.now() > until) throw new OutcomeUnknownError({ cause });
    await setTimeout(lost.lookAgainMs);
  }
}
