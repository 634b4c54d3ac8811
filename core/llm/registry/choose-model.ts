import type { ModelFallback } from '../../domain/vocabulary.ts';
import type { ModelHealth } from '../../live/model-health/model-health.ts';
import type { Model, Models } from './models.ts';

/** The model that answers, and why it is not the requested one. */
export interface ChosenModel {
  model: Model;
  fallback?: ModelFallback;
}

/**
 * Chooses the model of a turn that begins now: the requested one; or the first of its fallbacks, if it is unavailable or
 * its circuit breaker is open; or the default, if it has left the registry or no fallback is available. If all their
 * breakers are open, the first of them. A model that this process does not know is sought at the server first.
 */
export async function chooseModel(
  models: Models,
  health: Pick<ModelHealth, 'allowRequest'>,
  requestedModel: string,
): Promise<ChosenModel> {
  await models.seek(requestedModel);
  const { model: standIn, unavailability } = models.resolve(requestedModel);
  const candidates = candidatesOf(models, requestedModel, standIn);
  let chosen: Model | undefined;
  for (const model of candidates) if (!chosen && (await health.allowRequest(model.id))) chosen = model;
  const model = chosen ?? candidates[0] ?? standIn;
  if (model.id === requestedModel || (model === standIn && !unavailability)) return { model };
  return { model, fallback: { requestedModel, unavailability: unavailability ?? 'UNAVAILABLE' } };
}

/** The available models of the chain of fallbacks; if there is none, the stand-in. */
function candidatesOf(models: Models, requested: string, standIn: Model): Model[] {
  const chain = new Map<string, Model>();
  let next = models.get(requested) ?? standIn;
  while (!chain.has(next.id)) {
    chain.set(next.id, next);
    const fallback = next.fallback === undefined ? undefined : models.get(next.fallback);
    if (!fallback) break;
    next = fallback;
  }
  const available = [...chain.values()].filter(({ id }) => models.isAvailable(id));
  return available.length > 0 ? available : [standIn];
}
