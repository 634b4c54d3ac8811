import type { AuthFailure } from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';
import { type Caller, hasScope } from '../../core/domain/caller.ts';
import type { ApiScope, Role } from '../../core/domain/vocabulary.ts';

/** The rules of a root field. Every one has at least one of them; `authScopes` of Pothos. */
export interface AuthScopes {
  /** Every caller may. */
  anyCaller: boolean;
  /** An API token needs this scope. */
  scope: ApiScope;
  /** The caller needs one of these roles. */
  role: readonly Role[];
  /** Not by an API token: only people who signed in, and other services' own tokens. */
  session: boolean;
}

/** The roles that may read telemetry: an ADMIN that of a tenant, an OPERATOR that of the installation. */
export const TELEMETRY_READERS: readonly Role[] = ['ADMIN', 'OPERATOR'];
/** The roles that may report telemetry, for their tenant. */
export const TELEMETRY_WRITERS: readonly Role[] = ['SERVICE', ...TELEMETRY_READERS];

/** What reading telemetry needs. */
export const READS_TELEMETRY = { role: TELEMETRY_READERS, scope: 'TELEMETRY_READ' } as const;

export function authScopesOf(viewer: Caller) {
  return {
    anyCaller: true,
    scope: (scope: ApiScope) => hasScope(viewer, scope),
    role: (roles: readonly Role[]) => roles.includes(viewer.role),
    session: viewer.apiTokenId === null,
  };
}

/** Whether a caller may read telemetry. */
export function readsTelemetry(viewer: Caller): boolean {
  return TELEMETRY_READERS.includes(viewer.role) && hasScope(viewer, 'TELEMETRY_READ');
}

/** Whose telemetry a caller reads: their tenant's, an OPERATOR the installation's (null). */
export function telemetryOf({ role, tenant }: Caller): string | null {
  return role === 'OPERATOR' ? null : tenant;
}

/** The error of a field whose rule refuses the caller. */
export function forbidden(failure: AuthFailure): GraphQLError {
  return new GraphQLError(`This needs ${neededBy(failure)}.`, { extensions: { code: 'FORBIDDEN' } });
}

function neededBy(failure: AuthFailure): string {
  if ('failures' in failure) return failure.failures.map(neededBy).join(' and ');
  if (!('parameter' in failure)) return 'another right';
  const { scope, parameter } = failure;
  if (scope === 'role') return `the role ${(parameter as readonly Role[]).join(' or ')}`;
  return scope === 'scope' ? `the scope ${parameter as ApiScope}` : 'a session of its own, no API token';
}
