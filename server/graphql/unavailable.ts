import { GraphQLError } from 'graphql';
import { PROBLEM_TEXTS } from '../../core/domain/texts.ts';

/** What a caller is told of that: the call may be repeated as it is (`extensions.resumable`). */
export function serviceUnavailable(at: Place = {}): GraphQLError {
  const extensions = { code: 'SERVICE_UNAVAILABLE', resumable: true };
  return new GraphQLError(PROBLEM_TEXTS.unreachable, { ...placeOf(at), extensions });
}

/** The same of what became of a mutation: that is done, and must not be repeated. */
export function resultUnavailable(at: Place): GraphQLError {
  return new GraphQLError(PROBLEM_TEXTS.doneUnread, {
    ...placeOf(at),
    extensions: { code: 'SERVICE_UNAVAILABLE' },
  });
}

/** What a caller is told of a mutation that may be done or not. */
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
