import { NotFoundError, OutcomeUnknownError, StoreUnavailableError } from '../domain/errors.ts';
import type { JobProducer } from '../queue/job-producer.ts';
import type { TurnJob } from '../queue/jobs.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import { Draft, type Snapshot } from '../store/draft.ts';
import type { TurnRest } from '../store/turn-rest.ts';
import { commit } from './commit.ts';
import { COMMIT_WITHIN_MS } from './deadline.ts';

export interface TurnRestsOptions {
  store: ConversationStore;
  /** The jobs that speak the rests, and those that ask models. */
  restJobs: Pick<JobProducer<TurnJob>, 'add'>;
  jobs: Pick<JobProducer<TurnJob>, 'add'>;
  /** How long a commit may take before it is refused, in milliseconds. Default: {@link COMMIT_WITHIN_MS}. */
  commitWithinMs?: number | undefined;
}

/** Stores the rest of the pending turn. Null: the turn is not pending. */
export function keepRest(snapshot: Snapshot, rest: TurnRest): Draft | null {
  if (snapshot.row.pendingTurnId !== rest.turnId) return null;
  const draft = new Draft(snapshot);
  draft.rest = rest;
  return draft;
}

/**
 * The stored rests of turns, and the jobs that speak them. Every method rejects with a StoreUnavailableError when a store is
 * unavailable, and can be repeated.
 */
export class TurnRests {
  readonly #options: TurnRestsOptions;

  constructor(options: TurnRestsOptions) {
    this.#options = options;
  }

  /** Stores the rest of a turn. False: the turn is not pending. */
  async keep(rest: TurnRest): Promise<boolean> {
    const { store, commitWithinMs: withinMs = COMMIT_WITHIN_MS } = this.#options;
    try {
      const { change } = await commit(
        { store, owner: null, withinMs },
        rest.conversationId,
        async (snapshot) => ({
          change: keepRest(snapshot, rest),
          result: null,
        }),
      );
      return change !== null;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      if (error instanceof OutcomeUnknownError)
        throw new StoreUnavailableError('the rest of a turn may be stored', { cause: error });
      throw error;
    }
  }

  /** The rest of a turn that is pending; null: it has none. */
  find({ conversationId, turnId }: TurnJob): Promise<TurnRest | null> {
    return this.#options.store.restOf(conversationId, turnId);
  }

  /** Queues the job that speaks a rest. Idempotent. */
  queue(turn: TurnJob): Promise<void> {
    return this.#options.restJobs.add(turn);
  }

  /** Removes a rest that does not continue what was heard, and has the turn's own job continue that. */
  async discard(turn: TurnJob): Promise<void> {
    await this.#options.store.removeRest(turn.conversationId, turn.turnId);
    await this.#options.jobs.add(turn);
  }
}
