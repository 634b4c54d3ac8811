import type { ApiScope, Role } from '../gql/graphql.ts';
import { readsTelemetry } from '../usage/reads-telemetry.ts';

/** The scopes that a user of this role may give to a token: no more than the role has. */
export function scopesOf(role: Role): ApiScope[] {
  const reads = readsTelemetry(role);
  return [
    'CONVERSATIONS_READ',
    'CONVERSATIONS_WRITE',
    ...(reads ? (['TELEMETRY_READ'] as const) : []),
    ...(reads || role === 'SERVICE' ? (['TELEMETRY_WRITE'] as const) : []),
  ];
}
