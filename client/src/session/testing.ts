import type { AccountMemory } from './account-memory.ts';
import type { AuthApi } from './auth-api.ts';
import type { SignInWays } from './sign-in-ways.ts';
import type { TabMessage, Tabs } from './tabs.ts';

export const ACCOUNTS: SignInWays = {
  ...{ mode: 'accounts', email: true, signUp: true, guests: true },
  providers: [],
};

/** A token that says of itself whom it is for, and that it lives for so many seconds. */
export function tokenFor(sub: string, { iat = 0, life = 900, jti = '' } = {}): string {
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
  return [part({ alg: 'none' }), part({ sub, iat, exp: iat + life, jti }), 'signature'].join('.');
}

/** The tabs of one browser: each call opens another one. */
export function browserTabs(): () => Tabs {
  const listeners: ((message: TabMessage) => void)[] = [];
  return () => {
    let own = (_message: TabMessage) => {};
    listeners.push((message) => own(message));
    const at = listeners.length - 1;
    return {
      post(message) {
        for (const [other, listener] of listeners.entries()) if (other !== at) listener(message);
      },
      listen(listener) {
        own = listener;
      },
      close() {},
    };
  };
}

/** Nothing is remembered but what a test says. */
export function memoryOf(mode: string | null = null): AccountMemory & { kept: string | null } {
  return {
    kept: null,
    mode: () => mode,
    keepMode(next) {
      mode = next;
    },
    pasted() {
      return this.kept;
    },
    keepPasted(token) {
      this.kept = token;
    },
  };
}

/** The time, and what is done later: both are the test's. */
export class Clock {
  ms = 0;
  #timers: { at: number; callback: () => void }[] = [];

  readonly now = (): number => this.ms;

  readonly later = (callback: () => void, ms: number): (() => void) => {
    const timer = { at: this.ms + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((it) => it !== timer);
    };
  };

  /** When the next timer is due; null: there is none. */
  get next(): number | null {
    return this.#timers.length > 0 ? Math.min(...this.#timers.map(({ at }) => at)) : null;
  }

  /** Time passes; what was due by then is called. */
  pass(ms: number): void {
    this.ms += ms;
    const due = this.#timers.filter(({ at }) => at <= this.ms);
    this.#timers = this.#timers.filter(({ at }) => at > this.ms);
    for (const { callback } of due) callback();
  }
}

/** A server. The test decides which user is signed in (null: none) and whether it can be reached. */
export class FakeAuth implements AuthApi {
  who: string | null = 'ann';
  isReachable = true;
  /** The life of the next tokens, in seconds. */
  life = 900;
  asked = { ways: 0, token: 0 };
  readonly #ways: SignInWays;
  readonly #clock: Clock;

  constructor(clock: Clock, ways: SignInWays = ACCOUNTS) {
    this.#clock = clock;
    this.#ways = ways;
  }

  async ways(): Promise<SignInWays> {
    this.asked.ways += 1;
    this.#reach();
    return this.#ways;
  }

  async token(): Promise<string | null> {
    this.asked.token += 1;
    this.#reach();
    const iat = Math.floor(this.#clock.ms / 1_000);
    return this.who === null
      ? null
      : tokenFor(this.who, { iat, life: this.life, jti: String(this.asked.token) });
  }

  async accepts(token: string): Promise<boolean> {
    this.#reach();
    return token.startsWith('good');
  }

  async signOut(): Promise<void> {
    this.#reach();
    this.who = null;
  }

  #reach(): void {
    if (!this.isReachable) throw new TypeError('Failed to fetch');
  }
}
