import { builder } from '../builder.ts';
import type { Viewer as ViewerShape } from '../context.ts';
import { Role } from './enums.ts';

export const Viewer = builder.objectRef<ViewerShape>('Viewer').implement({
  description: 'The caller, as the server knows them.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The caller's own id; `local` in single-user mode." }),
    role: t.field({ type: Role, description: 'What the caller may do.', resolve: ({ role }) => role }),
  }),
});
