import { SignJWT } from 'jose';
import type { Config } from '../../core/config/config.ts';
import { ConfigError } from '../../core/config/config.ts';
import { StartError } from '../../core/domain/start-error.ts';
import { ROLES, type Role } from '../../core/domain/vocabulary.ts';

/** The arguments of `npm run token` are wrong; the message is one line. */
class TokenArgumentError extends StartError {
  override name = 'TokenArgumentError';
}

export interface TokenArguments {
  sub: string;
  role: Role;
  tenant: string | null;
  name: string | null;
  /** In seconds. */
  ttl: number;
}

const USAGE = 'npm run token -- --sub alice [--role ADMIN] [--tenant acme] [--name "Alice"] [--ttl 1h]';

/** @throws {TokenArgumentError} */
export function readTokenArguments(args: readonly string[]): TokenArguments {
  const given = new Map<string, string>();
  for (let i = 0; i < args.length; i += 2) {
    const [option = '', value] = args.slice(i, i + 2);
    if (!/^--(?:sub|role|tenant|name|ttl)$/.test(option) || value === undefined || given.has(option))
      throw new TokenArgumentError(`cannot read ${option}; use ${USAGE}`);
    given.set(option, value);
  }
  const sub = given.get('--sub');
  if (!sub) throw new TokenArgumentError(`--sub is missing; use ${USAGE}`);
  const role = ROLES.find((known) => known === (given.get('--role') ?? 'USER').toUpperCase());
  if (!role) throw new TokenArgumentError(`--role must be one of ${ROLES.join(', ')}`);
  const ttl = secondsFrom(given.get('--ttl') ?? '1h');
  return { sub, role, tenant: given.get('--tenant') ?? null, name: given.get('--name') ?? null, ttl };
}

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 };

function secondsFrom(text: string): number {
  const [, count, unit] = /^(\d{1,5})([smhd])$/.exec(text) ?? [];
  if (!count || Number(count) === 0)
    throw new TokenArgumentError('--ttl must be a time such as 30m, 1h or 7d');
  return Number(count) * SECONDS[unit as keyof typeof SECONDS];
}

/**
 * Signs a JSON Web Token that the server with this configuration accepts. The claims have the names that it reads.
 * @throws {ConfigError} without AUTH_JWT_SECRET
 */
export async function signToken(
  { sub, role, tenant, name, ttl }: TokenArguments,
  config: Pick<
    Config,
    'jwtSecret' | 'jwtIssuer' | 'jwtAudience' | 'roleClaim' | 'roleMap' | 'tenantClaim' | 'nameClaim'
  >,
): Promise<string> {
  const { jwtSecret, jwtIssuer, jwtAudience, roleClaim, roleMap, tenantClaim, nameClaim } = config;
  if (jwtSecret === undefined)
    throw new ConfigError(
      'AUTH_JWT_SECRET must be set to sign tokens; the identity provider of AUTH_JWKS_URL signs its own',
    );
  if (tenant !== null && tenantClaim === undefined)
    throw new ConfigError('AUTH_TENANT_CLAIM must be set for tokens of another tenant');
  const word = [...roleMap].find(([, mapped]) => mapped === role)?.[0] ?? role;
  const claims = {
    [roleClaim]: word,
    ...(name !== null && { [nameClaim]: name }),
    ...(tenant !== null && tenantClaim !== undefined && { [tenantClaim]: tenant }),
  };
  const token = new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime(`${ttl}s`);
  if (jwtIssuer !== undefined) token.setIssuer(jwtIssuer);
  if (jwtAudience !== undefined) token.setAudience(jwtAudience);
  return token.sign(new TextEncoder().encode(jwtSecret));
}
