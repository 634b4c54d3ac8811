import { LOCAL_OWNER, type Owner } from './owner.ts';
import type { ApiScope, Role } from './vocabulary.ts';

/** Who calls, as a verified token says. Every operation has one. */
export interface Caller extends Owner {
  readonly role: Role;
  /** Null where the token does not say. */
  readonly name: string | null;
  /** What an API token may be used for; null: everything that the role may do, as for people who signed in. */
  readonly scopes: readonly ApiScope[] | null;
  /** The API token by which it calls; null for any other. */
  readonly apiTokenId: string | null;
  /** The session of this server's accounts whose token it calls by; null for any other. */
  readonly sessionId: string | null;
  /** When its right to call ends, in Unix milliseconds; null: never. */
  readonly expiresAt: number | null;
}

/** The caller of single-user mode. */
export const LOCAL_CALLER: Caller = {
  ...LOCAL_OWNER,
  role: 'OPERATOR',
  name: null,
  scopes: null,
  apiTokenId: null,
  sessionId: null,
  expiresAt: null,
};

/** Whether a caller may use a scope. Who may write conversations may read them: each mutation returns what it wrote. */
export function hasScope({ scopes }: Pick<Caller, 'scopes'>, scope: ApiScope): boolean {
  if (scopes === null || scopes.includes(scope)) return true;
  return scope === 'CONVERSATIONS_READ' && scopes.includes('CONVERSATIONS_WRITE');
}
