/** The tenant of callers whose token names none. */
export const DEFAULT_TENANT = 'default';

/**
 * Whose a conversation is: a person or a service, within a tenant. The same id in two tenants is two owners, so both columns
 * are always compared together.
 */
export interface Owner {
  /** The id of the caller: `sub` of its token. */
  readonly owner: string;
  readonly tenant: string;
}

/** The one user of single-user mode: every conversation belongs to them when no authentication is configured. */
export const LOCAL_OWNER: Owner = { owner: 'local', tenant: DEFAULT_TENANT };

/** The owner's columns of a row, and nothing else of it. */
export function ownerOf({ owner, tenant }: Owner): Owner {
  return { owner, tenant };
}

export function isSameOwner(one: Owner, other: Owner): boolean {
  return one.owner === other.owner && one.tenant === other.tenant;
}

/**
 * An owner as one word of a key, unique among all tenants: without `:`, `{` and `}`, which have a meaning in keys of Redis.
 * In the default tenant it is the owner's id alone.
 */
export function ownerKey({ owner, tenant }: Owner): string {
  const id = encodeURIComponent(owner);
  return tenant === DEFAULT_TENANT ? id : `${encodeURIComponent(tenant)}/${id}`;
}

/** Reads {@link ownerKey}. */
export function ownerFromKey(key: string): Owner {
  const [id = '', tenant = DEFAULT_TENANT] = key.split('/').reverse().map(decodeURIComponent);
  return { owner: id, tenant };
}
