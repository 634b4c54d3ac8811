import { GraphQLError } from 'graphql';
import type { Viewer } from './context.ts';

/** The roles that may read telemetry. */
export const TELEMETRY_READERS = ['ADMIN', 'OPERATOR'] as const;

/** @throws {GraphQLError} FORBIDDEN, unless the viewer has one of the roles */
export function requireRole({ role }: Viewer, roles: readonly Viewer['role'][]): void {
  if (roles.includes(role)) return;
  throw new GraphQLError(`This needs the role ${roles.join(' or ')}.`, { extensions: { code: 'FORBIDDEN' } });
}
