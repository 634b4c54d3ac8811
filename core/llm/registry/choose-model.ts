import type { ModelFallback } from '../../domain/vocabulary.ts';
import type { ModelHealth } from '../../live/model-health/model-health.ts';
import type { Model, Models } from './models.ts';

/** The model that answers, and why it is not the one that was asked for. */
export interface ChosenModel {
  model: Model;
  fallback?: ModelFallback;
}

/**
 * Chooses the model of a turn that begins now: the one asked for; or the first of its fallbacks, where it is not
 * available or its circuit breaker is open; or the default, where it has left the registry or no fallback is available.
 * Where all their breakers are open, the first of them. A model that this process does not know is looked for first.
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

/** The model, its fallback, the fallback of that and so on, as far as they are available; at their end, what stands in. */
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
