import type { Faults } from '../form/use-form.ts';
import { type Phrase, phrase } from '../language/phrase.ts';
import type { AuthAnswer } from './call-auth.ts';

/** As the server requires it, in characters. */
export const SHORTEST_PASSWORD = 10;
const LONGEST_PASSWORD = 128;

/** Codes of the server: which field is wrong, and why. */
const FAULTS: Record<string, Faults> = {
  INVALID_EMAIL: { email: phrase('authFaults.invalidEmail') },
  INVALID_EMAIL_OR_PASSWORD: { password: phrase('authFaults.wrong') },
  EMAIL_NOT_VERIFIED: { email: phrase('authFaults.unverified') },
  USER_ALREADY_EXISTS: { email: phrase('authFaults.known') },
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: { email: phrase('authFaults.known') },
  PASSWORD_TOO_SHORT: { password: phrase('authFaults.passwordTooShort', { count: SHORTEST_PASSWORD }) },
  PASSWORD_TOO_LONG: { password: phrase('authFaults.passwordTooLong', { count: LONGEST_PASSWORD }) },
  EMAIL_PASSWORD_SIGN_UP_DISABLED: { form: phrase('authFaults.noSignUp') },
  NETWORK: { form: phrase('authFaults.network') },
};

/** What a refused answer means for the form; null: it was not refused. */
export function faultsOf(answer: AuthAnswer): Faults | null {
  if (answer.ok) return null;
  if (answer.code === 'RATE_LIMITED') return { form: tooMany(answer.retryAfterS) };
  return FAULTS[answer.code] ?? { form: phrase('authFaults.unexpected') };
}

function tooMany(seconds: number | null): Phrase {
  return seconds === null ? phrase('authFaults.tooMany') : phrase('authFaults.tooManyFor', { seconds });
}

/** What can be seen to be wrong before a form is sent; null: nothing. `newPassword`: one that the user chooses. */
export function faultsIn(entered: {
  name?: string;
  email?: string;
  password?: string;
  newPassword?: string;
}): Faults | null {
  const { name, email, password, newPassword } = entered;
  const found = {
    ...(name === '' && { name: phrase('authFaults.nameMissing') }),
    ...(email !== undefined && !/^\S+@\S+$/.test(email) && { email: phrase('authFaults.invalidEmail') }),
    ...(email === '' && { email: phrase('authFaults.emailMissing') }),
    ...(password === '' && { password: phrase('authFaults.passwordMissing') }),
    ...(newPassword !== undefined && faultOfLength(newPassword)),
  };
  return Object.keys(found).length > 0 ? found : null;
}

function faultOfLength({ length }: string): Faults {
  if (length < SHORTEST_PASSWORD) return FAULTS.PASSWORD_TOO_SHORT ?? {};
  return length > LONGEST_PASSWORD ? (FAULTS.PASSWORD_TOO_LONG ?? {}) : {};
}

const RETURNED: Record<string, Phrase> = {
  access_denied: phrase('authFaults.denied'),
  email_not_verified: phrase('authFaults.unverified'),
  account_not_linked: phrase('authFaults.notLinked'),
  signup_disabled: phrase('authFaults.noSignUp'),
  TOKEN_EXPIRED: phrase('authFaults.link'),
  INVALID_TOKEN: phrase('authFaults.link'),
  USER_NOT_FOUND: phrase('authFaults.link'),
};

/** Why a provider, or the link of a mail, has come back with an error. */
export function returnedFault(code: string): Phrase {
  return RETURNED[code] ?? phrase('authFaults.provider');
}
