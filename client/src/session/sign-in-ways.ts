/** How people sign in here: what `GET /auth/providers` answers. */
export interface SignInWays {
  /** `none`: not at all. `token`: by a token from elsewhere. `accounts`: here. */
  mode: 'none' | 'token' | 'accounts';
  /** By an e-mail address and a password. */
  email: boolean;
  /** Whether new people may sign up. */
  signUp: boolean;
  /** Whether people may come in as guests. */
  guests: boolean;
  providers: readonly Provider[];
}

/** Who else says who people are, such as GitHub. */
export interface Provider {
  id: string;
  /** As people read it. */
  name: string;
}

/** Of a server where everybody is the same user. */
export const NOT_AT_ALL: SignInWays = {
  ...{ mode: 'none', email: false, signUp: false, guests: false },
  providers: [],
};

/** The ways as a server describes them, whatever it adds. Null: it describes none. */
export function waysFrom(described: unknown): SignInWays | null {
  if (!isObject(described)) return null;
  const { mode, email, signUp, guests, providers } = described;
  if (mode !== 'none' && mode !== 'token' && mode !== 'accounts') return null;
  return {
    ...{ mode, email: email === true, signUp: signUp === true, guests: guests === true },
    providers: Array.isArray(providers) ? providers.filter(isProvider) : [],
  };
}

function isProvider(it: unknown): it is Provider {
  return isObject(it) && typeof it.id === 'string' && typeof it.name === 'string';
}

function isObject(it: unknown): it is Record<string, unknown> {
  return typeof it === 'object' && it !== null;
}
