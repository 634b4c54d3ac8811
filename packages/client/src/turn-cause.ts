import type { TurnCause } from './gql/graphql.ts';

/** Whether a turn answers the user; a greeting and a nudge do not. True for unknown causes. */
export function answersUser(cause: TurnCause | null): boolean {
  return cause !== 'GREETING' && cause !== 'IDLE_NUDGE';
}
