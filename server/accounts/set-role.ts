import { DEFAULT_TENANT } from '../../core/domain/owner.ts';
import { StartError } from '../../core/domain/start-error.ts';
import { ApiTokens } from '../../core/store/api-tokens.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';

/** The roles of people; a service has a token of its own. The database has them in a CHECK constraint. */
export const PEOPLE_ROLES = ['USER', 'ADMIN', 'OPERATOR'] as const;
export type PeopleRole = (typeof PEOPLE_ROLES)[number];

/** The arguments of `npm run accounts` are wrong, or nobody has the address; the message is one line. */
export class AccountsArgumentError extends StartError {
  override name = 'AccountsArgumentError';
}

const USAGE = `npm run accounts -- --role ${PEOPLE_ROLES.join('|')} alice@example.com`;

/** @throws {AccountsArgumentError} */
export function readAccountsArguments(args: readonly string[]): { role: PeopleRole; email: string } {
  const at = args.indexOf('--role');
  const [email, ...more] = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  if (at < 0 || !email || email.startsWith('-') || more.length > 0)
    throw new AccountsArgumentError(`use ${USAGE}`);
  const role = PEOPLE_ROLES.find((known) => known === args[at + 1]?.toUpperCase());
  if (!role) throw new AccountsArgumentError(`--role must be one of ${PEOPLE_ROLES.join(', ')}`);
  return { role, email: email.toLowerCase() };
}

/**
 * Gives a person a role, which they have from their next token; their API tokens have it, too.
 * @returns whether they have verified that the address is theirs
 * @throws {AccountsArgumentError} if nobody has signed up with the address
 */
export async function setRole(
  { role, email }: { role: PeopleRole; email: string },
  prisma: PrismaClient,
): Promise<{ isVerified: boolean }> {
  const [user] = await prisma.user.updateManyAndReturn({
    where: { email },
    data: { role },
    select: { id: true, emailVerified: true },
  });
  if (!user) throw new AccountsArgumentError(`nobody has signed up with ${email}`);
  await new ApiTokens(prisma).changeRole({ owner: user.id, tenant: DEFAULT_TENANT }, role);
  return { isVerified: user.emailVerified };
}
