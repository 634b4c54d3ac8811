import { NotFoundError, RateLimitedError, UnavailableError } from '../../../core/domain/errors.ts';
import { PROBLEM_TEXTS } from '../../../core/domain/texts.ts';
import type { ApiToken as ApiTokenRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { fromNodeId } from '../ids.ts';
import { ApiToken } from '../types/api-token.ts';
import { whenAvailable } from './when-available.ts';

const RevokeApiTokenInput = builder.inputType('RevokeApiTokenInput', {
  description: 'Which API token is revoked.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The id of one of the viewer’s API tokens.' }) }),
});

const RevokeApiTokenSuccess = builder
  .objectRef<{ apiToken: ApiTokenRow }>('RevokeApiTokenSuccess')
  .implement({
    description: 'The token is not valid any more.',
    fields: (t) => ({
      apiToken: t.field({
        type: ApiToken,
        description: 'The token as it is now.',
        resolve: ({ apiToken }) => apiToken,
      }),
    }),
  });

builder.mutationField('revokeApiToken', (t) =>
  t.field({
    type: RevokeApiTokenSuccess,
    description:
      'Revokes an API token of the viewer: within 5 s no server accepts it, and what is open by it is closed. Idempotent.',
    authScopes: { session: true },
    errors: { types: [NotFoundError, RateLimitedError, UnavailableError] },
    args: {
      input: t.arg({ type: RevokeApiTokenInput, required: true, description: 'Which token is revoked.' }),
    },
    resolve: async (_root, { input }, { apiTokens, revocations, viewer }) => {
      const node = fromNodeId(input.id);
      const apiToken =
        node?.type === 'ApiToken' ? await whenAvailable(apiTokens.revoke(viewer, node.id)) : null;
      if (!apiToken) throw new NotFoundError(PROBLEM_TEXTS.noApiToken);
      await revocations.publish({ apiTokenId: apiToken.id });
      return { apiToken };
    },
  }),
);
