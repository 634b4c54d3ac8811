import type { TurnCause } from '../domain/vocabulary.ts';
import type { NewTurn } from '../live/feed/feed.ts';
import type { ModelHealth } from '../live/model-health/model-health.ts';
import { chooseModel } from '../llm/registry/choose-model.ts';
import type { Models } from '../llm/registry/models.ts';
import { modelAskedFor } from '../store/conversation-reads.ts';
import type { ConversationRow } from '../store/draft.ts';

/** Maximum number of remembered choices. A choice that was dropped is made again. */
const MAX_CHOICES = 10_000;

/**
 * Chooses the model that answers a pending turn. Chooses once per turn in this process, however often the conversation is
 * driven: a choice may use up the probe of a half-open circuit breaker.
 */
export class PendingTurns {
  readonly #models: Models;
  readonly #health: Pick<ModelHealth, 'allowRequest'>;
  readonly #chosen = new Map<string, { turnId: string; turn: Promise<NewTurn> }>();

  constructor({ models, modelHealth }: { models: Models; modelHealth: Pick<ModelHealth, 'allowRequest'> }) {
    this.#models = models;
    this.#health = modelHealth;
  }

  /** The pending turn to open; null: none is pending. */
  async choose(row: ConversationRow): Promise<NewTurn | null> {
    const { id, pendingTurnId, pendingTurnCause: cause } = row;
    if (pendingTurnId === null || cause === null) return null;
    const known = this.#chosen.get(id);
    if (known?.turnId === pendingTurnId) return known.turn;
    const turn = this.#turnOf(pendingTurnId, cause, row);
    if (this.#chosen.size >= MAX_CHOICES) this.#chosen.clear();
    this.#chosen.set(id, { turnId: pendingTurnId, turn });
    turn.catch(() => this.#chosen.delete(id));
    return turn;
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
