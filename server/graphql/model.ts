import { UNKNOWN_VENDOR } from '../../core/conversation/texts.ts';
import type { Models, Model as RegisteredModel } from '../../core/llm/models.ts';
import { builder } from './builder.ts';

/** A model as it is shown: of one that has left the registry only the id is known. */
export type ShownModel = Pick<RegisteredModel, 'id' | 'name' | 'vendor' | 'contextWindow'>;

export const Model = builder.objectRef<ShownModel>('Model').implement({
  description: 'A language model.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The provider's own id, such as `openai/gpt-4o-mini`." }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    vendor: t.exposeString('vendor', { description: 'Who makes it: OpenAI, Google, DeepSeek, Meta, ...' }),
    contextWindow: t.exposeInt('contextWindow', {
      description: 'How much it can take into account, question and answer together, in tokens.',
    }),
    isDefault: t.boolean({
      description: 'Whether a conversation uses it unless told otherwise.',
      resolve: ({ id }, _args, { models }) => models.default.id === id,
    }),
  }),
});

builder.queryField('models', (t) =>
  t.field({
    type: [Model],
    description: 'Every model that a conversation can use.',
    resolve: (_root, _args, { models }) => [...models.all],
  }),
);

/** The model of this id, also when it has left the registry: what it has said stays readable. */
export function shownModel(models: Models, id: string): ShownModel {
  return models.get(id) ?? { id, name: id, vendor: UNKNOWN_VENDOR, contextWindow: 0 };
}
