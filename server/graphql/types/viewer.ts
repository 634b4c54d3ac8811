import type { Caller } from '../../../core/domain/caller.ts';
import { builder } from '../builder.ts';
import { ApiToken } from './api-token.ts';
import { Role } from './enums.ts';

export const Viewer = builder.objectRef<Caller>('Viewer').implement({
  description: 'The caller, as the server knows them.',
  fields: (t) => ({
    id: t.exposeID('owner', { description: "The caller's own id; `local` in single-user mode." }),
    role: t.field({ type: Role, description: 'What the caller may do.', resolve: ({ role }) => role }),
    tenant: t.exposeString('tenant', {
      description: "The caller's company or group: `default` unless their token names one.",
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: "The caller's name; null where the identity provider does not say.",
    }),
    apiTokens: t.field({
      type: [ApiToken],
      description:
        'The API tokens of the caller, the newest first, revoked and expired ones too. Not for an API token itself.',
      authScopes: { session: true },
      complexity: { field: 1, multiplier: 20 },
      resolve: (viewer, _args, { apiTokens }) => apiTokens.of(viewer),
    }),
  }),
});
