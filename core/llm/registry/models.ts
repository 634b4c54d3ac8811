import type { ModelUnavailability } from '../../domain/vocabulary.ts';
import { DEMO_MODEL } from '../models/built-in-models.ts';
import { builtInModel } from '../models/known-models.ts';
import type { Model } from '../models/model.ts';
import { type Offer, UNNAMED } from './offer.ts';

export type { Model } from '../models/model.ts';
export { ModelsFileError } from './models-file.ts';

/** The registry. It may change between two calls, as the server's list does. */
export interface Models {
  /** In display order. */
  readonly all: readonly Model[];
  /** An available model. */
  readonly default: Model;
  get(id: string): Model | undefined;
  /** Whether this installation has a key or a server for the model with this id. */
  isAvailable(id: string): boolean;
  /**
   * The model that answers for this id: the model itself, or the default with the reason: RETIRED, the registry does not
   * have it; UNAVAILABLE, there is no key or server for it. Never fails.
   */
  resolve(id: string): { model: Model; unavailability?: ModelUnavailability };
  /**
   * Looks for an unknown model at the server; another process may have read a newer list. Resolves when the list was read
   * or the wait was too long; at once if reading cannot help. Never rejects.
   */
  seek(id: string): Promise<void>;
}

/** A registry of the models that `offer` returns at the time of each call. */
export function modelsOf(offer: () => Offer, seek: (id: string) => Promise<void> = async () => {}): Models {
  let of: Offer | undefined;
  let byId: ReadonlyMap<string, Model> = new Map();
  const get = (id: string) => {
    const now = offer();
    if (now !== of) byId = new Map(now.models.map((model) => [model.id, model]));
    of = now;
    return byId.get(id);
  };
  const isAvailable = (id: string) => offer().available.has(id);
  return {
    get all() {
      return offer().models;
    },
    get default() {
      return offer().default;
    },
    get,
    isAvailable,
    resolve(id) {
      const model = get(id);
      if (model && isAvailable(id)) return { model };
      if (id === UNNAMED) return { model: offer().default };
      return { model: offer().default, unavailability: model ? 'UNAVAILABLE' : 'RETIRED' };
    },
    seek: async (id) => {
      // A model without a name is offered while there is no list.
      if (Boolean(get(id)) === (id === UNNAMED)) await seek(id);
    },
  };
}

/** The name and maker of a model that has left the registry; undefined if it is not a known one. */
export function formerModel(id: string): Pick<Model, 'name' | 'vendor'> | undefined {
  return id === DEMO_MODEL.id ? DEMO_MODEL : builtInModel(id);
}
