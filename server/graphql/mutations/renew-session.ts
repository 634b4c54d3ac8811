import type { Caller } from '../../../core/domain/caller.ts';
import { ForbiddenError, InvalidInputError, RateLimitedError } from '../../../core/domain/errors.ts';
import { isSameOwner } from '../../../core/domain/owner.ts';
import { PROBLEM_TEXTS } from '../../../core/domain/texts.ts';
import { UnauthenticatedError } from '../../accounts/unauthenticated-error.ts';
import { builder } from '../builder.ts';
import { Viewer } from '../types/viewer.ts';

const RenewSessionInput = builder.inputType('RenewSessionInput', {
  description: 'The token by which a socket goes on.',
  fields: (t) => ({
    token: t.string({
      required: true,
      description: 'A token of the same viewer, as it stands after `Bearer`.',
    }),
  }),
});

const RenewSessionSuccess = builder.objectRef<{ viewer: Caller }>('RenewSessionSuccess').implement({
  description: 'The socket goes on with the rights and the expiry of the token.',
  fields: (t) => ({
    viewer: t.field({
      type: Viewer,
      description: 'The viewer as the new token says.',
      resolve: ({ viewer }) => viewer,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the token expires; null when it does not.',
      resolve: ({ viewer }) => (viewer.expiresAt === null ? null : new Date(viewer.expiresAt)),
    }),
  }),
});

builder.mutationField('renewSession', (t) =>
  t.field({
    type: RenewSessionSuccess,
    description:
      'Over WebSocket: the socket goes on with this token, and nothing on it is closed. It must be of the same viewer. Over HTTP each request brings its own token.',
    authScopes: { anyCaller: true },
    errors: { types: [InvalidInputError, ForbiddenError, RateLimitedError] },
    args: {
      input: t.arg({ type: RenewSessionInput, required: true, description: 'By which token it goes on.' }),
    },
    resolve: async (_root, { input }, { authenticator, session, viewer }) => {
      if (!session) throw new ForbiddenError(PROBLEM_TEXTS.noSession);
      const renewed = await authenticator.authenticate(`Bearer ${input.token}`).catch((error) => {
        if (!(error instanceof UnauthenticatedError)) throw error;
        throw new InvalidInputError([{ path: 'token', message: error.message }]);
      });
      if (!isSameOwner(renewed, viewer)) throw new ForbiddenError(PROBLEM_TEXTS.sessionOfOthers);
      session.renew(renewed);
      return { viewer: renewed };
    },
  }),
);
