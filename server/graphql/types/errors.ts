import {
  BudgetExceededError,
  BusyError,
  type FieldFault,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import { builder } from '../builder.ts';
import { toNodeId } from '../ids.ts';

const UserError = builder.interfaceRef<Error>('UserError').implement({
  description:
    'An error that the caller can act on. Every error of a result implements it; results may get more errors, so have a default branch.',
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'What went wrong, in English, for people and logs: match on the type instead.',
    }),
  }),
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: "What the call names does not exist, or is not the viewer's; nothing was done.",
  interfaces: [UserError],
});

builder.objectType(ForbiddenError, {
  name: 'ForbiddenError',
  description: 'The caller is known and may not do this; nothing was done.',
  interfaces: [UserError],
});

const FieldError = builder.objectRef<FieldFault>('FieldError').implement({
  description: 'A field of the input that is invalid.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Its path in the input, such as `text`.' }),
    message: t.exposeString('message', { description: 'What is wrong with it.' }),
  }),
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input is invalid; nothing was done.',
  interfaces: [UserError],
  fields: (t) => ({
    fieldErrors: t.field({
      type: [FieldError],
      description: 'The fields at fault, at least one.',
      resolve: ({ fieldErrors }) => [...fieldErrors],
    }),
  }),
});

builder.objectType(RateLimitedError, {
  name: 'RateLimitedError',
  description: 'Too many calls; nothing was done.',
  interfaces: [UserError],
  fields: (t) => ({
    retryAfterMs: t.exposeInt('retryAfterMs', {
      description: 'How long to wait before trying again, in milliseconds.',
    }),
  }),
});

builder.objectType(BudgetExceededError, {
  name: 'BudgetExceededError',
  description: 'The tokens that the owner or the tenant may use in a day are used up; nothing was done.',
  interfaces: [UserError],
  fields: (t) => ({
    resetsAt: t.field({
      type: 'DateTime',
      description: 'When the next day begins (UTC), and messages are accepted again.',
      resolve: ({ resetsAt }) => resetsAt,
    }),
  }),
});

builder.objectType(BusyError, {
  name: 'BusyError',
  description: 'The AI is speaking, or as many messages wait as can; nothing was done.',
  interfaces: [UserError],
  fields: (t) => ({
    busyTurnId: t.id({
      description: 'The turn that is being spoken or pending.',
      resolve: ({ busyTurnId }) => toNodeId('Message', busyTurnId),
    }),
  }),
});

builder.objectType(UnavailableError, {
  name: 'UnavailableError',
  description:
    'A store is unavailable. Nothing was stored and nothing else was done, so the call can be repeated as it is.',
  interfaces: [UserError],
});
