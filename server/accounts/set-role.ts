import type { Database } from '../../core/db/database.ts';
import { DEFAULT_TENANT } from '../../core/domain/owner.ts';
import { StartError } from '../../core/domain/start-error.ts';
import { PERSON_ROLES, type PersonRole } from '../../core/domain/vocabulary.ts';
import { ApiTokens } from '../../core/store/api-tokens.ts';

/** The arguments of `npm run accounts` are wrong, or nobody has the address; the message is one line. */
export class AccountsArgumentError extends StartError {
  override name = 'AccountsArgumentError';
}

const USAGE = `npm run accounts -- --role ${PERSON_ROLES.join('|')} alice@example.com`;

/** @throws {AccountsArgumentError} */
export function readAccountsArguments(args: readonly string[]): { role: PersonRole; email: string } {
  const at = args.indexOf('--role');
  const [email, ...more] = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  if (at < 0 || !email || email.startsWith('-') || more.length > 0)
    throw new AccountsArgumentError(`use ${USAGE}`);
  const role = PERSON_ROLES.find((known) => known === args[at + 1]?.toUpperCase());
  if (!role) throw new AccountsArgumentError(`--role must be one of ${PERSON_ROLES.join(', ')}`);
  return { role, email: email.toLowerCase() };
}

/**
 * Gives a person a role, which they have from their next token; their API tokens have it, too.
 * @returns whether they have verified that the address is theirs
 * @throws {AccountsArgumentError} if nobody has signed up with the address
 */
export async function setRole(
  { role, email }: { role: PersonRole; email: string },
  database: Pick<Database, 'prisma' | 'readAs' | 'changeAs'>,
): Promise<{ isVerified: boolean }> {
  const [user] = await database.prisma.user.updateManyAndReturn({
    where: { email },
    data: { role },
    select: { id: true, emailVerified: true },
  });
  if (!user) throw new AccountsArgumentError(`nobody has signed up with ${email}`);
  await new ApiTokens(database).changeRole({ owner: user.id, tenant: DEFAULT_TENANT }, role);
  return { isVerified: user.emailVerified };
}
