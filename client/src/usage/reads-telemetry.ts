import type { Role } from '../gql/graphql.ts';

/** Whether a viewer of this role may read telemetry (`inferenceLogs`, `inferenceStats`). The local user is an OPERATOR. */
export function readsTelemetry(role: Role): boolean {
  return role === 'ADMIN' || role === 'OPERATOR';
}
