import { randomBytes } from 'node:crypto';
import { NotFoundError, StoreUnavailableError, UnavailableError } from '../domain/errors.ts';
import type { ConversationStore } from './conversation-store.ts';
import { answerWithin, REPLY_GRACE_MS } from './deadline.ts';
import { resolveDoubt } from './doubt.ts';
import { applied, type Change, type Snapshot } from './draft.ts';

export interface CommitOptions {
  store: ConversationStore;
  /** How long a commit may take, by the database's clock, in milliseconds. After that it is refused, and never done. */
  withinMs: number;
  /** How long a commit whose reply was lost is looked for, in milliseconds. */
  resolveWithinMs?: number;
  /** Between two looks for it, in milliseconds. */
  lookAgainMs?: number;
  /** The conversation as it was left, which saves a look where nothing has changed since. */
  recent?: Snapshot | null;
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
 * Reads a conversation, decides, and commits what was decided in one statement, until no other commit came first. From what is
 * known already the first try is made without a look: it is done only if that is still true.
 * A refusal has no effect: the statement does nothing past its deadline, however late it arrives; and a commit whose reply
 * was lost is looked up before anybody is told anything.
 *
 * @throws {NotFoundError} when there is no such conversation
 * @throws {UnavailableError} when nothing was committed, nor will be
 * @throws {OutcomeUnknownError} when that could not be learnt
 */
export async function commit<T>(
  { store, withinMs, resolveWithinMs, lookAgainMs, recent = null }: CommitOptions,
  conversationId: string,
  decide: Decide<T>,
): Promise<Decided<T>> {
  const begun = performance.now();
  const left = () => Math.max(0, withinMs - (performance.now() - begun));
  const decidedOn = async (snapshot: Snapshot) => {
    const deadline = snapshot.now + left();
    return { snapshot, deadline, ...(await inTime(left(), decide(snapshot))) };
  };
  const decidedNow = async () => {
    const snapshot = await inTime(left(), store.read(conversationId));
    if (!snapshot) throw new NotFoundError();
    return decidedOn(snapshot);
  };
  // What it says no to, the row of now may say yes to.
  const early = recent && (await decidedOn(recent).catch(() => null));
  let decided = early?.change ? early : await decidedNow();
  while (true) {
    const { snapshot, deadline, change, result } = decided;
    if (!change) return { snapshot, change, result };
    const committed = await tried(snapshot, change, deadline);
    if (committed) return { snapshot: committed, change, result };
    decided = await decidedNow();
  }

  /** What is stored once it is done; null where another commit came first, or where it may only seem to be too late. */
  async function tried(snapshot: Snapshot, change: Change, deadline: number): Promise<Snapshot | null> {
    const id = randomBytes(6).toString('base64url');
    try {
      const sent = store.commit(snapshot.row, change, id, deadline);
      const done = await answerWithin(left() + REPLY_GRACE_MS, sent);
      if (done.outcome === 'committed') return { ...applied(snapshot, change, done.row), now: done.now };
      // By a clock that was only reckoned: the database's own says more.
      if (done.outcome === 'late' && snapshot === recent) return null;
      if (done.outcome === 'late') throw new UnavailableError();
      return null;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || error instanceof UnavailableError) throw error;
      const look = async () => {
        const found = await store.read(conversationId);
        // Deleted since, with whatever the commit did: to say that it was not done could be wrong.
        if (!found) throw new NotFoundError();
        return { now: found.now, done: found.row.recentCommits.includes(id) ? found : null };
      };
      return resolveDoubt(look, { deadline, resolveWithinMs, lookAgainMs }, error);
    }
  }
}

/** Nothing was sent yet that has an effect: when it takes too long, the call is refused. */
async function inTime<T>(ms: number, step: Promise<T>): Promise<T> {
  try {
    return await answerWithin(ms, step);
  } catch (error) {
    throw error instanceof StoreUnavailableError ? new UnavailableError({ cause: error }) : error;
  }
}
