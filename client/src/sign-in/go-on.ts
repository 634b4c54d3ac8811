import type { Faults } from '../form/use-form.ts';
import { phrase } from '../language/phrase.ts';
import type { Account } from '../session/account.ts';

/** Where the link of a mail leads to that confirms an address. */
export const CONFIRMED = '/sign-in?confirmed=yes';

/** Goes on as the person who has just signed in; null, or why that is not possible. */
export async function goOn(account: Pick<Account, 'recheck'>): Promise<Faults | null> {
  try {
    return (await account.recheck()) ? null : { form: phrase('authFaults.cookies') };
  } catch {
    return { form: phrase('authFaults.network') };
  }
}
