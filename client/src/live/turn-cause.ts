import type { TurnCause } from '../gql/graphql.ts';

/** Whether a turn answers the user; a greeting and a nudge do not. True for causes that are not known. */
export function answersUser(cause: TurnCause | null): boolean {
  return cause !== 'GREETING' && cause !== 'IDLE_NUDGE';
}
