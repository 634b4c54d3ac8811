import { StoreUnavailableError } from '../../domain/errors.ts';
import type { AdvanceTarget, Feed } from './feed.ts';

/** Applies a conversation's row to its feed, for a call or for a listener; see `Turns.reconcile`. */
export type Reconcile = (conversationId: string, waiting: 'call' | 'listener') => Promise<void>;

/** The result of a step on a feed that is not reconciled with its row: the step had no effect. */
export const UNRECONCILED = 'unreconciled';

/** A store that keeps losing its data is given up after this many attempts. */
const MOST_ATTEMPTS = 8;

/**
 * Runs a step, reconciling the feed first where that is needed.
 * @throws {StoreUnavailableError} also when the database or the queue, which reconciling needs, is unavailable
 */
export async function onReconciled<T>(
  step: () => Promise<T | typeof UNRECONCILED>,
  reconcile: () => Promise<void>,
): Promise<T> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const done = await step();
    if (done !== UNRECONCILED) return done;
    try {
      await reconcile();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      throw new StoreUnavailableError('the feed cannot be reconciled with its row now', { cause: error });
    }
  }
  throw new StoreUnavailableError('the feed loses its data again and again');
}

/** Reconciles a feed without a row, as in tests of the feed alone. */
export async function reconcileAlone(feed: Pick<Feed, 'advance'>, conversationId: string): Promise<void> {
  const nothing: AdvanceTarget = { pending: null, last: null, over: [], entries: [] };
  const advanced = await feed.advance(conversationId, nothing);
  if (!advanced.gone && advanced.unreconciled)
    await feed.advance(conversationId, { ...nothing, reconciles: advanced.unreconciled });
}
