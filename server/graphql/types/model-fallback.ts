import type { ModelFallback as Fallback } from '../../../core/domain/vocabulary.ts';
import { builder } from '../builder.ts';
import { ModelUnavailability } from './enums.ts';
import { Model, shownModel } from './model.ts';

export const ModelFallback = builder.objectRef<Fallback>('ModelFallback').implement({
  description: 'The requested model, in whose place another one answers, and why.',
  fields: (t) => ({
    requestedModel: t.field({
      type: Model,
      description: 'The requested model; if it is not offered any more, only its id is known.',
      resolve: ({ requestedModel }, _args, { models }) => shownModel(models, requestedModel),
    }),
    unavailability: t.field({
      type: ModelUnavailability,
      description: 'Why that model does not answer.',
      resolve: ({ unavailability }) => unavailability,
    }),
  }),
});
