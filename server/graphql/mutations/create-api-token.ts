import { z } from 'zod';
import {
  ForbiddenError,
  InvalidInputError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import { INPUT_TEXTS, PROBLEM_TEXTS } from '../../../core/domain/texts.ts';
import type { ApiScope as Scope } from '../../../core/domain/vocabulary.ts';
import type { ApiToken as ApiTokenRow } from '../../../generated/prisma/client.ts';
import { TELEMETRY_READERS, TELEMETRY_WRITERS } from '../auth-scopes.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { ApiToken } from '../types/api-token.ts';
import { ApiScope } from '../types/enums.ts';
import { personText, validated } from './input.ts';
import { whenAvailable } from './when-available.ts';

/** The longest name of a token, in characters. */
const LONGEST_NAME = 100;

const CreateApiTokenInput = builder.inputType('CreateApiTokenInput', {
  description: 'What a new API token is for.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: '1 to 100 characters (Unicode code points), by which its owner recognises it.',
    }),
    scopes: t.field({
      type: [ApiScope],
      required: true,
      description: 'What it may be used for; at least one.',
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it stops being valid; it must be later than now. It does not expire unless given.',
    }),
  }),
});

const CreateApiTokenSuccess = builder
  .objectRef<{ apiToken: ApiTokenRow; secret: string }>('CreateApiTokenSuccess')
  .implement({
    description: 'The token was created.',
    fields: (t) => ({
      apiToken: t.field({
        type: ApiToken,
        description: 'The token, without its secret.',
        resolve: ({ apiToken }) => apiToken,
      }),
      secret: t.exposeString('secret', {
        description:
          'What a caller sends as `Authorization: Bearer`. It is shown this once; what is stored is its hash.',
      }),
    }),
  });

const Input = z.object({
  name: personText(LONGEST_NAME),
  scopes: z.array(z.string()).min(1, INPUT_TEXTS.empty),
});

builder.mutationField('createApiToken', (t) =>
  t.field({
    type: CreateApiTokenSuccess,
    description:
      'Creates an API token, which calls for the viewer, with their role, and within its scopes. Not by an API token itself.',
    authScopes: { session: true },
    errors: { types: [InvalidInputError, ForbiddenError, RateLimitedError, UnavailableError] },
    args: { input: t.arg({ type: CreateApiTokenInput, required: true, description: 'What it is for.' }) },
    resolve: async (_root, { input }, { apiTokens, clock, viewer }) => {
      const { name } = validated(Input, { name: input.name, scopes: input.scopes });
      const expiresAt = input.expiresAt ?? null;
      if (expiresAt && expiresAt.getTime() <= clock.now())
        throw new InvalidInputError([{ path: 'expiresAt', message: INPUT_TEXTS.inPast }]);
      const scopes = [...new Set(input.scopes)];
      const refused = scopes.filter((scope) => !mayGive(viewer, scope));
      if (refused.length > 0) throw new ForbiddenError(PROBLEM_TEXTS.scopeOfOthers(refused));
      return whenAvailable(apiTokens.create(viewer, { name, scopes, expiresAt }));
    },
  }),
);

/** Whether the caller's role has the scope: a token cannot have more rights than its owner. */
function mayGive({ role }: GraphQLContext['viewer'], scope: Scope): boolean {
  if (scope === 'TELEMETRY_READ') return TELEMETRY_READERS.includes(role);
  return scope !== 'TELEMETRY_WRITE' || TELEMETRY_WRITERS.includes(role);
}
