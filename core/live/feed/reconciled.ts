import { StoreUnavailableError } from '../../domain/errors.ts';
import type { AdvanceTarget, Feed } from './feed.ts';

/** Applies a conversation's row to its feed, for a call or for a listener; see `TurnEngine.reconcile`. */
export type Reconcile = (conversationId: string, waiting: 'call' | 'listener') => Promise<void>;

/** The result of a step on a feed that is not reconciled with its row: the step had no effect. */
export const UNRECONCILED = 'unreconciled';

/** Maximum number of attempts on a store that keeps losing its data. */
const MAX_ATTEMPTS = 8;

/**
 * Runs a step, and reconciles the feed first if needed.
 * @throws {StoreUnavailableError} also when the database or the queue, which reconciling needs, is unavailable
 */
export async function onReconciled<T>(
  step: () => Promise<T | typeof UNRECONCILED>,
  reconcile: () => Promise<void>,
): Promise<T> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const done = await step();
    if (done !== UNRECONCILED) return done;
    try {
      await reconcile();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      throw new StoreUnavailableError('the feed cannot be reconciled with its row now', { cause: error });
    }
  }
  throw new StoreUnavailableError('the feed keeps losing its data');
}

/** Reconciles a feed without a row, as in tests of the feed alone. */
export async function reconcileAlone(feed: Pick<Feed, 'advance'>, conversationId: string): Promise<void> {
  const nothing: AdvanceTarget = { pending: null, last: null, over: [], entries: [] };
  const advanced = await feed.advance(conversationId, nothing);
  if (!advanced.gone && advanced.unreconciled)
    await feed.advance(conversationId, { ...nothing, reconciles: advanced.unreconciled });
}
