import { GraphQLError } from 'graphql';
import { PROBLEM_TEXTS } from '../../core/domain/texts.ts';

/** The error when a store is unavailable: the call may be repeated as it is (`extensions.resumable`). */
export function serviceUnavailable(at: Place = {}): GraphQLError {
  const extensions = { code: 'SERVICE_UNAVAILABLE', resumable: true };
  return new GraphQLError(PROBLEM_TEXTS.unreachable, { ...placeOf(at), extensions });
}

/** The error when a store is unavailable after a mutation was done: it must not be repeated. */
export function resultUnavailable(at: Place): GraphQLError {
  return new GraphQLError(PROBLEM_TEXTS.doneUnread, {
    ...placeOf(at),
    extensions: { code: 'SERVICE_UNAVAILABLE' },
  });
}

/** The error of a mutation that may or may not have been done. */
export function outcomeUnknown(at: Place): GraphQLError {
  return new GraphQLError(PROBLEM_TEXTS.outcomeUnknown, {
    ...placeOf(at),
    extensions: { code: 'OUTCOME_UNKNOWN' },
  });
}

type Place = Pick<GraphQLError, 'nodes' | 'path'> | Record<string, never>;

function placeOf({ nodes, path }: Place) {
  return { ...(nodes && { nodes }), ...(path && { path }) };
}
