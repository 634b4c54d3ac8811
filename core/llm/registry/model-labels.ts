import type { Models } from './models.ts';

/** At most this many models have their own time series: a gateway may list a thousand, and a list may change over months. */
const MOST_LABELS = 100;

/**
 * The labels of models in metrics: the id of an offered model, for the first hundred in order of use, and `other` for
 * further models and for models that are not offered.
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

  /** The labels to create at the start: those of all models if they are few. */
  first(): readonly string[] {
    const ids = this.#models.all.map(({ id }) => id);
    return ids.length <= MOST_LABELS / 2 ? ids.map((id) => this.of(id)) : [];
  }
}
