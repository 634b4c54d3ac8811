import { UNKNOWN_VENDOR } from '../../../core/domain/texts.ts';
import {
  formerModel,
  type Models,
  type Model as RegisteredModel,
} from '../../../core/llm/registry/models.ts';
import { builder } from '../builder.ts';

/** A model as it is shown. Of a model that has left the registry only the id is known. */
export interface ShownModel extends Pick<RegisteredModel, 'id' | 'name' | 'vendor'> {
  contextWindow: number | null;
}

export const Model = builder.objectRef<ShownModel>('Model').implement({
  description: 'A language model that answers.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The provider's own id, such as `openai/gpt-4o-mini`." }),
    name: t.exposeString('name', { description: 'Its name for people, such as `GPT-4o mini`.' }),
    vendor: t.exposeString('vendor', {
      description:
        "Who makes it, such as `OpenAI`; if that is not known, its server's host; `Unknown` for a model that is not offered any more.",
    }),
    contextWindow: t.exposeInt('contextWindow', {
      nullable: true,
      description:
        'How many tokens it can take into account, prompt and answer together; null when neither its server nor a setting says.',
    }),
    isDefault: t.boolean({
      description: 'Whether new conversations use it unless they name another.',
      resolve: ({ id }, _args, { models }) => models.default.id === id,
    }),
    isAvailable: t.boolean({
      description:
        'Whether it can be used; when this installation has no key or server for it, naming it is an InvalidInputError.',
      resolve: ({ id }, _args, { models }) => models.isAvailable(id),
    }),
  }),
});

/** The model of this id, also when it has left the registry, because its answers stay readable. */
export function shownModel(models: Models, id: string): ShownModel {
  const { model, unavailability } = models.resolve(id);
  const known = unavailability ? models.get(id) : model;
  if (known) return shown(known);
  const { name, vendor } = formerModel(id) ?? { name: id, vendor: UNKNOWN_VENDOR };
  return { id, name, vendor, contextWindow: null };
}

/** A model of the registry as it is shown. */
export function shown({ id, name, vendor, contextWindow, isContextAssumed }: RegisteredModel): ShownModel {
  return { id, name, vendor, contextWindow: isContextAssumed ? null : contextWindow };
}
