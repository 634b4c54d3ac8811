import { builder } from '../builder.ts';
import { Model, shown } from '../types/model.ts';

builder.queryField('models', (t) =>
  t.field({
    type: [Model],
    description:
      'Every model, in the order to show them. A conversation can name those whose `isAvailable` is true.',
    resolve: (_root, _args, { models }) => models.all.map(shown),
  }),
);
