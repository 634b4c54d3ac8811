import {
  type FieldFault,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../core/errors.ts';
import { builder } from './builder.ts';

const ErrorInterface = builder.interfaceRef<Error>('Error').implement({
  description: 'A failure that the caller can act on.',
  fields: (t) => ({ message: t.exposeString('message', { description: 'What went wrong, for people.' }) }),
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: "It does not exist, or is not the viewer's.",
  interfaces: [ErrorInterface],
});

const FieldError = builder.objectRef<FieldFault>('FieldError').implement({
  description: 'A field of the input that cannot be accepted.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Path in the input, such as `text`.' }),
    message: t.exposeString('message', { description: 'What is wrong with it.' }),
  }),
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input cannot be accepted; nothing was done.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    fieldErrors: t.field({
      type: [FieldError],
      description: 'Every field at fault.',
      resolve: ({ fieldErrors }) => [...fieldErrors],
    }),
  }),
});

builder.objectType(RateLimitedError, {
  name: 'RateLimitedError',
  description: 'Too many calls; nothing was done.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    retryAfterMs: t.exposeInt('retryAfterMs', {
      description: 'How long to wait before trying again, in milliseconds.',
    }),
  }),
});

builder.objectType(UnavailableError, {
  name: 'UnavailableError',
  description:
    'The database or Redis cannot be reached: nothing was stored, and the call may be repeated as it is.',
  interfaces: [ErrorInterface],
});
