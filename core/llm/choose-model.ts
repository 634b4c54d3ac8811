import type { ModelFallback } from '../conversation/vocabulary.ts';
import type { ModelHealth } from '../model-health/model-health.ts';
import type { Model, Models } from './models.ts';

/** The model that answers, and why it is not the one that was asked for. */
export interface ChosenModel {
  model: Model;
  fallback?: ModelFallback;
}

/**
 * Chooses the model of a turn that begins now: the one asked for, or the default where that has left the registry; or,
 * while it is sick, the first of its fallbacks that is not. Where all of them are, the one asked for.
 */
export async function chooseModel(
  models: Models,
  health: Pick<ModelHealth, 'mayAsk'>,
  requestedModel: string,
): Promise<ChosenModel> {
  const { model: first, fellBack } = models.resolve(requestedModel);
  const tried = new Set<string>();
  for (let model: Model | undefined = first; model && !tried.has(model.id); model = next(models, model)) {
    if (await health.mayAsk(model.id)) {
      if (model.id === requestedModel) return { model };
      const unavailability = fellBack ? 'RETIRED' : 'UNAVAILABLE';
      return { model, fallback: { requestedModel, unavailability } };
    }
    tried.add(model.id);
  }
  return fellBack
    ? { model: first, fallback: { requestedModel, unavailability: 'RETIRED' } }
    : { model: first };
}

function next(models: Models, { fallback }: Model): Model | undefined {
  return fallback === undefined ? undefined : models.get(fallback);
}
