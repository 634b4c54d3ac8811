import type { Faults } from '../form/use-form.ts';
import { texts } from '../texts.ts';
import type { AuthAnswer } from './call-auth.ts';

/** As the server requires it, in characters. */
export const SHORTEST_PASSWORD = 10;
const LONGEST_PASSWORD = 128;

/** Codes of the server: which field is wrong, and why. */
const FAULTS: Record<string, Faults> = {
  INVALID_EMAIL: { email: texts.authFaults.invalidEmail },
  INVALID_EMAIL_OR_PASSWORD: { password: texts.authFaults.wrong },
  EMAIL_NOT_VERIFIED: { email: texts.authFaults.unverified },
  USER_ALREADY_EXISTS: { email: texts.authFaults.known },
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: { email: texts.authFaults.known },
  PASSWORD_TOO_SHORT: { password: texts.authFaults.passwordTooShort(SHORTEST_PASSWORD) },
  PASSWORD_TOO_LONG: { password: texts.authFaults.passwordTooLong(LONGEST_PASSWORD) },
  EMAIL_PASSWORD_SIGN_UP_DISABLED: { form: texts.authFaults.noSignUp },
  NETWORK: { form: texts.authFaults.network },
};

/** What a refused answer means for the form; null: it was not refused. */
export function faultsOf(answer: AuthAnswer): Faults | null {
  if (answer.ok) return null;
  if (answer.code === 'RATE_LIMITED') return { form: texts.authFaults.tooMany(answer.retryAfterS) };
  return FAULTS[answer.code] ?? { form: texts.authFaults.unexpected };
}

/** What can be seen to be wrong before a form is sent; null: nothing. `newPassword`: one that the user chooses. */
export function faultsIn(entered: {
  name?: string;
  email?: string;
  password?: string;
  newPassword?: string;
}): Faults | null {
  const { name, email, password, newPassword } = entered;
  const { authFaults } = texts;
  const found = {
    ...(name === '' && { name: authFaults.nameMissing }),
    ...(email !== undefined && !/^\S+@\S+$/.test(email) && { email: authFaults.invalidEmail }),
    ...(email === '' && { email: authFaults.emailMissing }),
    ...(password === '' && { password: authFaults.passwordMissing }),
    ...(newPassword !== undefined && faultOfLength(newPassword)),
  };
  return Object.keys(found).length > 0 ? found : null;
}

function faultOfLength({ length }: string): Faults {
  if (length < SHORTEST_PASSWORD) return FAULTS.PASSWORD_TOO_SHORT ?? {};
  return length > LONGEST_PASSWORD ? (FAULTS.PASSWORD_TOO_LONG ?? {}) : {};
}

const RETURNED: Record<string, string> = {
  access_denied: texts.authFaults.denied,
  email_not_verified: texts.authFaults.unverified,
  account_not_linked: texts.authFaults.notLinked,
  signup_disabled: texts.authFaults.noSignUp,
  TOKEN_EXPIRED: texts.authFaults.link,
  INVALID_TOKEN: texts.authFaults.link,
  USER_NOT_FOUND: texts.authFaults.link,
};

/** Why a provider, or the link of a mail, has come back with an error. */
export function returnedFault(code: string): string {
  return RETURNED[code] ?? texts.authFaults.provider;
}
