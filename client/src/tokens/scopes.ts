import type { ApiScope, Role } from '../gql/graphql.ts';
import { readsTelemetry } from '../usage/reads-telemetry.ts';

/** What somebody of this role may allow a token: nobody can give what they do not have. */
export function scopesOf(role: Role): ApiScope[] {
  const reads = readsTelemetry(role);
  return [
    'CONVERSATIONS_READ',
    'CONVERSATIONS_WRITE',
    ...(reads ? (['TELEMETRY_READ'] as const) : []),
    ...(reads || role === 'SERVICE' ? (['TELEMETRY_WRITE'] as const) : []),
  ];
}
