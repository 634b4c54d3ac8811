import { builder } from '../builder.ts';
import { Viewer } from '../types/viewer.ts';

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'Who the caller is. In single-user mode this is the local user, with role OPERATOR.',
    authScopes: { anyCaller: true },
    resolve: (_root, _args, { viewer }) => viewer,
  }),
);
