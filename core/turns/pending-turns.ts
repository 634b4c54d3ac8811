import type { TurnCause } from '../domain/vocabulary.ts';
import type { NewTurn } from '../live/feed/feed.ts';
import type { ModelHealth } from '../live/model-health/model-health.ts';
import { chooseModel } from '../llm/registry/choose-model.ts';
import type { Models } from '../llm/registry/models.ts';
import { modelAskedFor } from '../store/conversation-reads.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import type { ConversationRow } from '../store/draft.ts';

/** Maximum number of remembered choices. A choice that was dropped is made again. */
const MAX_CHOICES = 10_000;

export interface PendingTurnsOptions {
  models: Models;
  modelHealth: Pick<ModelHealth, 'allowRequest'>;
  store: Pick<ConversationStore, 'restOf'>;
}

/**
 * Chooses the model that answers a pending turn. Chooses once per turn in this process, however often the conversation is
 * driven: a choice may use up the probe of a half-open circuit breaker.
 */
export class PendingTurns {
  readonly #models: Models;
  readonly #health: Pick<ModelHealth, 'allowRequest'>;
  readonly #store: Pick<ConversationStore, 'restOf'>;
  readonly #chosen = new Map<string, { turnId: string; turn: Promise<NewTurn> }>();

  constructor({ models, modelHealth, store }: PendingTurnsOptions) {
    this.#models = models;
    this.#health = modelHealth;
    this.#store = store;
  }

  /** The pending turn to open; null: none is pending. */
  async choose(row: ConversationRow): Promise<NewTurn | null> {
    const { id, pendingTurnId, pendingTurnCause: cause } = row;
    if (pendingTurnId === null || cause === null) return null;
    const rested = row.pacing === 'READING' ? await this.#rested(row, pendingTurnId, cause) : null;
    if (rested) return rested;
    const known = this.#chosen.get(id);
    if (known?.turnId === pendingTurnId) return known.turn;
    const turn = this.#turnOf(pendingTurnId, cause, row);
    if (this.#chosen.size >= MAX_CHOICES) this.#chosen.clear();
    this.#chosen.set(id, { turnId: pendingTurnId, turn });
    turn.catch(() => this.#chosen.delete(id));
    return turn;
  }

  /** A turn whose rest is stored, as far as it was spoken then: its model has answered. */
  async #rested({ id }: ConversationRow, turnId: string, cause: TurnCause): Promise<NewTurn | null> {
    const rest = await this.#store.restOf(id, turnId);
    if (!rest) return null;
    const { model, fallback, text, tokens } = rest;
    const spoken = { text: text.slice(0, rest.spoken), tokens };
    return { id: turnId, cause, model, ...(fallback && { fallback }), spoken };
  }

  async #turnOf(id: string, cause: TurnCause, row: ConversationRow): Promise<NewTurn> {
    // A nudge makes no request to a model, so it must not use up a probe.
    if (cause === 'IDLE_NUDGE') {
      await this.#models.seek(row.model);
      return { id, cause, model: this.#models.resolve(row.model).model.id };
    }
    const { model, fallback } = await chooseModel(this.#models, this.#health, modelAskedFor(row));
    return { id, cause, model: model.id, ...(fallback && { fallback }) };
  }
}
