import { builder } from './builder.ts';
import type { Viewer as ViewerShape } from './context.ts';
import { Role } from './enums.ts';

const Viewer = builder.objectRef<ViewerShape>('Viewer').implement({
  description: 'The caller.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Who they are.' }),
    role: t.field({ type: Role, description: 'What they may do.', resolve: ({ role }) => role }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description:
      'Who the caller is. In single-user mode (no auth configured) this is the local user, with role ADMIN.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
);
