import type { Model, Models } from '../../core/llm/registry/models.ts';
import { ApiError } from './api-error.ts';

/** The models that can be used, in the form of GET /v1/models. */
export function listModels(models: Models) {
  const data = models.all.filter(({ id }) => models.isAvailable(id)).map(shownModel);
  return { object: 'list', data };
}

/** A model in the form of GET /v1/models/{id}. When it was made is not known. */
export function shownModel({ id, vendor }: Model) {
  return { id, object: 'model', created: 0, owned_by: vendor };
}

/** The model that a request names. @throws {ApiError} 404 when this server does not have it, or has no key for it */
export async function usableModel(models: Models, id: string): Promise<Model> {
  await models.seek(id);
  const { model, unavailability } = models.resolve(id);
  if (!unavailability) return model;
  const name = JSON.stringify(id.length > 100 ? `${id.slice(0, 100)}…` : id);
  const why =
    unavailability === 'RETIRED'
      ? `The model ${name} does not exist here: see GET /v1/models.`
      : `This server has no key for the model ${name}: see GET /v1/models.`;
  throw new ApiError(404, why, { code: 'model_not_found', param: 'model' });
}
