import { isStoreUnavailable } from '../store-unavailable.ts';
import { type AdvanceTarget, type Feed, FeedUnavailableError } from './feed.ts';

/** Brings a conversation's feed to what its row says, for a call or for a listener; see `Turns.reconcile`. */
export type Reconcile = (conversationId: string, waiting: 'call' | 'listener') => Promise<void>;

/** What a step answers of a feed that is not reconciled with its row: the step had no effect. */
export const UNRECONCILED = 'unreconciled';

/** A store that loses its data again and again is not waited for. */
const MOST_ATTEMPTS = 8;

/**
 * Takes a step on a feed that is reconciled with its row.
 * @throws {FeedUnavailableError} also when what knows the row, or has its turn spoken, is unavailable
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
      if (!isStoreUnavailable(error)) throw error;
      throw new FeedUnavailableError('the feed cannot be reconciled with its row now', { cause: error });
    }
  }
  throw new FeedUnavailableError('the feed loses its data again and again');
}

/** Reconciles a feed that has no row beside it, as where it is tested alone. */
export async function reconcileAlone(feed: Pick<Feed, 'advance'>, conversationId: string): Promise<void> {
  const nothing: AdvanceTarget = { pending: null, last: null, over: [], entries: [] };
  const advanced = await feed.advance(conversationId, nothing);
  if (!advanced.gone && advanced.unreconciled)
    await feed.advance(conversationId, { ...nothing, reconciles: advanced.unreconciled });
}
