import { GraphQLError } from 'graphql';
import type { Viewer } from './context.ts';

/** @throws {GraphQLError} FORBIDDEN, unless the viewer has one of the roles */
export function requireRole({ role }: Viewer, ...roles: Viewer['role'][]): void {
  if (roles.includes(role)) return;
  throw new GraphQLError(`This needs the role ${roles.join(' or ')}.`, { extensions: { code: 'FORBIDDEN' } });
}
