import { randomBytes } from 'node:crypto';
import { NotFoundError, StoreUnavailableError, UnavailableError } from '../domain/errors.ts';
import type { Owner } from '../domain/owner.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import { applied, type Change, type Snapshot } from '../store/draft.ts';
import { answerWithin, REPLY_GRACE_MS } from './deadline.ts';
import { resolveDoubt } from './doubt.ts';

export interface CommitOptions {
  store: ConversationStore;
  /** For whom it is: another's conversation does not exist. Null: for no caller, such as by a timer. */
  owner: Owner | null;
  /** How long a commit may take by the database's clock, in milliseconds. Past that deadline it is refused and has no effect. */
  withinMs: number;
  /** How long to look for a commit whose reply was lost, in milliseconds. */
  resolveWithinMs?: number;
  /** Time between two looks, in milliseconds. */
  lookAgainMs?: number;
  /** The conversation as this process last left it. Saves a read when nothing has changed since. */
  recent?: Snapshot | null;
}

/** What was decided, and the row it was decided on. */
export interface Decided<T> {
  /** The row as it is now. */
  snapshot: Snapshot;
  /** Null: there was nothing to change. */
  change: Change | null;
  result: T;
}

/** Decides what to change. Called again with the newer row when another commit came first. May read more. */
export type Decide<T> = (snapshot: Snapshot) => Promise<{ change: Change | null; result: T }>;

/**
 * Reads a conversation, decides, and commits the decision in one statement. Retries while another commit comes first. With
 * `recent` the first attempt skips the read; the statement has no effect if that row is no longer the newest.
 * A refusal has no effect: the statement does nothing past its deadline, however late it arrives. A commit whose reply was
 * lost is looked up before this returns or throws.
 *
 * @throws {NotFoundError} when there is no such conversation
 * @throws {UnavailableError} when nothing was committed and nothing will be
 * @throws {OutcomeUnknownError} when it could not be found out whether it was committed
 */
export async function commit<T>(
  { store, owner, withinMs, resolveWithinMs, lookAgainMs, recent = null }: CommitOptions,
  conversationId: string,
  decide: Decide<T>,
): Promise<Decided<T>> {
  const owned = owner ? store.as(owner) : store;
  const begun = performance.now();
  const left = () => Math.max(0, withinMs - (performance.now() - begun));
  const decideOn = async (snapshot: Snapshot) => {
    const deadline = snapshot.now + left();
    return { snapshot, deadline, ...(await inTime(left(), decide(snapshot))) };
  };
  const decideOnLatest = async () => {
    const snapshot = await inTime(left(), owned.read(conversationId));
    if (!snapshot) throw new NotFoundError();
    return decideOn(snapshot);
  };
  // What the recent row refuses, the latest row may allow.
  const early = recent && (await decideOn(recent).catch(() => null));
  let decided = early?.change ? early : await decideOnLatest();
  while (true) {
    const { snapshot, deadline, change, result } = decided;
    if (!change) return { snapshot, change, result };
    const committed = await attempt(snapshot, change, deadline);
    if (committed) return { snapshot: committed, change, result };
    decided = await decideOnLatest();
  }

  /** The stored state after the commit. Null: another commit came first, or the estimated clock may have been wrong. */
  async function attempt(snapshot: Snapshot, change: Change, deadline: number): Promise<Snapshot | null> {
    const id = randomBytes(6).toString('base64url');
    try {
      const sent = owned.commit(snapshot.row, change, id, deadline);
      const done = await answerWithin(left() + REPLY_GRACE_MS, sent);
      if (done.outcome === 'committed') return { ...applied(snapshot, change, done.row), now: done.now };
      // The deadline came from an estimate of the database's clock: read the clock itself before refusing.
      if (done.outcome === 'late' && snapshot === recent) return null;
      if (done.outcome === 'late')
        throw new UnavailableError({
          cause: new Error('the row was locked, or the database slow: the commit came after its deadline'),
        });
      return null;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || error instanceof UnavailableError) throw error;
      const look = async () => {
        const settledAt = await store.settledAt(conversationId);
        const found = await store.read(conversationId);
        // Deleted since, with everything the commit did: the commit may have been done, so it is not refused.
        if (!found) throw new NotFoundError();
        return { settledAt, done: found.row.recentCommits.includes(id) ? found : null };
      };
      return resolveDoubt(look, { deadline, resolveWithinMs, lookAgainMs }, error);
    }
  }
}

/** For steps before the commit point: one that takes too long refuses the call. */
async function inTime<T>(ms: number, step: Promise<T>): Promise<T> {
  try {
    return await answerWithin(ms, step);
  } catch (error) {
    throw error instanceof StoreUnavailableError ? new UnavailableError({ cause: error }) : error;
  }
}
