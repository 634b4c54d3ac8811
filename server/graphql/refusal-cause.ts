import { GraphQLError } from 'graphql';
import {
  BudgetExceededError,
  BusyError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  OutcomeUnknownError,
  RateLimitedError,
  StoreUnavailableError,
} from '../../core/domain/errors.ts';

/** Why a call was refused, for the log: nothing in it is a text of the caller. */
export interface RefusalCause {
  /** The type of the error, or the code of a GraphQL error. */
  error: string;
  cause: string;
}

/** The cause of a refusal; null: the error is a fault of the server. `uncoded`: the code of a GraphQL error without one. */
export function refusalCause(error: unknown, uncoded = 'BAD_USER_INPUT'): RefusalCause | null {
  if (error instanceof GraphQLError) {
    if (error.originalError && !(error.originalError instanceof GraphQLError))
      return refusalCause(error.originalError);
    const code = String(error.extensions?.code ?? uncoded).slice(0, LONGEST_CODE);
    return { error: code, cause: CAUSES_OF_CODES[code] ?? code.toLowerCase().replaceAll('_', ' ') };
  }
  if (!(error instanceof Error)) return null;
  const cause = causeOf(error);
  return cause === null ? null : { error: error.name, cause: cause.slice(0, LONGEST_CAUSE) };
}

function causeOf(error: Error): string | null {
  if (error instanceof RateLimitedError) return error.limit ?? error.message;
  if (error instanceof InvalidInputError)
    return `invalid: ${[...new Set(error.fieldErrors.map(({ path }) => path))].join(', ')}`;
  if (error instanceof BusyError) return `${error.message} (turn ${error.busyTurnId})`;
  if (error instanceof BudgetExceededError) return `${error.message} (until ${error.resetsAt.toISOString()})`;
  if (error instanceof NotFoundError || error instanceof ForbiddenError) return error.message;
  if (error instanceof StoreUnavailableError || error instanceof OutcomeUnknownError) return chainOf(error);
  return null;
}

/** The causes of an error, the outermost first. */
function chainOf(error: Error): string {
  const reasons: string[] = [];
  let each: unknown = error.cause ?? error;
  for (let depth = 0; depth < MAX_CAUSES && each instanceof Error; depth++) {
    const { code } = each as { code?: unknown };
    // Prisma puts the reason in the last line.
    const text = each.message.trim().split('\n').at(-1)?.slice(0, LONGEST_REASON) || each.name;
    reasons.push(typeof code === 'string' && !text.includes(code) ? `${text} (${code})` : text);
    each = each.cause;
  }
  return [...new Set(reasons)].join(': ');
}

const CAUSES_OF_CODES: Readonly<Record<string, string>> = {
  GRAPHQL_PARSE_FAILED: 'the document cannot be parsed',
  GRAPHQL_VALIDATION_FAILED: 'the document is not valid by the schema',
  BAD_USER_INPUT: 'a variable or an argument is invalid',
  OPERATION_RESOLUTION_FAILURE: 'no operation of this name in the document',
};

const LONGEST_CODE = 50;
const LONGEST_CAUSE = 500;
/** The longest reason of one cause. */
const LONGEST_REASON = 200;
const MAX_CAUSES = 5;
