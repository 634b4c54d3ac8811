import { builder } from '../builder.ts';
import type { Viewer as ViewerShape } from '../context.ts';
import { Role } from './enums.ts';

const Viewer = builder.objectRef<ViewerShape>('Viewer').implement({
  description: 'The caller, as the server knows them.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The caller's own id; `local` in single-user mode." }),
    role: t.field({ type: Role, description: 'What the caller may do.', resolve: ({ role }) => role }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'Who the caller is. In single-user mode this is the local user, with role OPERATOR.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
);
