import { builder } from '../builder.ts';
import { Model, shown } from '../types/model.ts';

builder.queryField('models', (t) =>
  t.field({
    type: [Model],
    description:
      'All models, in the order in which to show them. A conversation can use those whose `isAvailable` is true.',
    authScopes: { anyCaller: true },
    resolve: (_root, _args, { models }) => models.all.map(shown),
  }),
);
