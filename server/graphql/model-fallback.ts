import type { ModelFallback as Fallback } from '../../core/conversation/vocabulary.ts';
import { builder } from './builder.ts';
import { ModelFallbackReason } from './enums.ts';
import { Model, shownModel } from './model.ts';

export const ModelFallback = builder.objectRef<Fallback>('ModelFallback').implement({
  description: 'That another model answers than the one that was asked for.',
  fields: (t) => ({
    requestedModel: t.field({
      type: Model,
      description: 'The one that was asked for; of one that is not offered any more only the id is known.',
      resolve: ({ requestedModel }, _args, { models }) => shownModel(models, requestedModel),
    }),
    reason: t.field({ type: ModelFallbackReason, description: 'Why.', resolve: ({ reason }) => reason }),
  }),
});
