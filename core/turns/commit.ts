import { randomBytes } from 'node:crypto';
import { NotFoundError, UnavailableError } from '../errors.ts';
import { within } from '../within.ts';
import type { Conversations } from './conversations.ts';
import { REPLY_GRACE_MS } from './deadline.ts';
import { isUnavailable, resolveDoubt } from './doubt.ts';
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
  { conversations, withinMs, resolveWithinMs, lookAgainMs }: CommitOptions,
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
        const look = async () => {
          const found = await conversations.read(conversationId);
          // Deleted since, with whatever the commit did: to say that it was not done could be wrong.
          if (!found) throw new NotFoundError();
          return { now: found.now, done: found.row.recentCommits.includes(id) ? found : null };
        };
        return resolveDoubt(look, { deadline: deadline as number, resolveWithinMs, lookAgainMs }, error);
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
