import type { Fault } from './problem.ts';

/** graphql-ws passes an array of GraphQL errors, an Error or a CloseEvent. Only the array is from the server. */
export function faultsIn(error: unknown): readonly Fault[] {
  return Array.isArray(error) ? error : [];
}
