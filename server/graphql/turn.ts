import type { OpenTurn } from '../../core/feed/feed.ts';
import { builder } from './builder.ts';
import { toNodeId } from './ids.ts';
import { Model, shownModel } from './model.ts';
import { ModelFallback } from './model-fallback.ts';

export const Turn = builder.objectRef<OpenTurn>('Turn').implement({
  description:
    'One answer of the AI, from start to its one terminal event. Its id is the id of the message that it becomes.',
  fields: (t) => ({
    id: t.id({
      description: 'The id of the message that it becomes.',
      resolve: ({ id }) => toNodeId('Message', id),
    }),
    text: t.exposeString('text', { description: 'What has been spoken so far.' }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'When its AiStarted was sent.',
      resolve: ({ startedAt }) => new Date(startedAt),
    }),
    model: t.field({
      type: Model,
      description: 'The model that speaks.',
      resolve: ({ model }, _args, { models }) => shownModel(models, model),
    }),
    fallback: t.field({
      type: ModelFallback,
      nullable: true,
      description: 'Set when it is not the model that was asked for.',
      resolve: ({ fallback }) => fallback ?? null,
    }),
  }),
});
