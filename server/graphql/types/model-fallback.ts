import type { ModelFallback as Fallback } from '../../../core/domain/vocabulary.ts';
import { builder } from '../builder.ts';
import { ModelUnavailability } from './enums.ts';
import { Model, shownModel } from './model.ts';

export const ModelFallback = builder.objectRef<Fallback>('ModelFallback').implement({
  description: 'That another model answers than the one that was asked for.',
  fields: (t) => ({
    requestedModel: t.field({
      type: Model,
      description: 'The model that was asked for; of one that is not offered any more only the id is known.',
      resolve: ({ requestedModel }, _args, { models }) => shownModel(models, requestedModel),
    }),
    unavailability: t.field({
      type: ModelUnavailability,
      description: 'Why that model does not answer.',
      resolve: ({ unavailability }) => unavailability,
    }),
  }),
});
