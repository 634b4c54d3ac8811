import type { Models } from './models.ts';

/** As many models have time series of their own; a gateway may list a thousand, a list may change for months. */
const MOST_LABELS = 100;

/**
 * The labels of models in metrics: each offered model's id, in the order in which they come up, and `other` for the
 * models that are not offered and those after the first hundred.
 */
export class ModelLabels {
  readonly #models: Pick<Models, 'all' | 'get'>;
  readonly #used = new Set<string>();

  constructor(models: Pick<Models, 'all' | 'get'>) {
    this.#models = models;
  }

  of(model: string): string {
    if (this.#used.has(model)) return model;
    if (this.#used.size >= MOST_LABELS || !this.#models.get(model)) return 'other';
    this.#used.add(model);
    return model;
  }

  /** Those to begin with, where the models are few. */
  first(): readonly string[] {
    const ids = this.#models.all.map(({ id }) => id);
    return ids.length <= MOST_LABELS / 2 ? ids.map((id) => this.of(id)) : [];
  }
}
