import type { ModelUnavailability } from '../../domain/vocabulary.ts';
import { DEMO_MODEL } from '../models/built-in-models.ts';
import { builtInModel } from '../models/known-models.ts';
import type { Model } from '../models/model.ts';
import { type Offer, UNNAMED } from './offer.ts';

export type { Model, TokenizerName } from '../models/model.ts';
export { ModelsFileError } from './models-file.ts';

/** The registry. It may change from one call to the next, as its server's list does. */
export interface Models {
  /** In the order to show them. */
  readonly all: readonly Model[];
  /** One that is available. */
  readonly default: Model;
  get(id: string): Model | undefined;
  /** Whether this installation has a key or a server for the model of this id. */
  isAvailable(id: string): boolean;
  /**
   * The model that answers for this id: itself, or the default, and then why: RETIRED, the registry does not have it;
   * UNAVAILABLE, there is no key or server for it. Never fails.
   */
  resolve(id: string): { model: Model; unavailability?: ModelUnavailability };
  /**
   * Has a model that the registry does not have looked for at the server, which another process may have asked since.
   * Resolves when that is done or has taken too long; at once where it cannot help. Never rejects.
   */
  seek(id: string): Promise<void>;
}

/** A registry that is what `offer` returns at the time. */
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
      // A model without a name is offered as long as there is no list.
      if (Boolean(get(id)) === (id === UNNAMED)) await seek(id);
    },
  };
}

/** What a model that the registry does not have was called, where it is one that we know. */
export function formerModel(id: string): Pick<Model, 'name' | 'vendor'> | undefined {
  return id === DEMO_MODEL.id ? DEMO_MODEL : builtInModel(id);
}
