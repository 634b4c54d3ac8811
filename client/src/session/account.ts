import { backoff } from '@taskflow/client/core';
import type { AccountMemory } from './account-memory.ts';
import type { AuthApi } from './auth-api.ts';
import type { SignInWays } from './sign-in-ways.ts';
import type { TabMessage, Tabs } from './tabs.ts';
import { claimsOf } from './token-claims.ts';

/** Who is here, as the page shows it. */
export interface AccountState {
  /** How people sign in; null while that is not known. */
  ways: SignInWays | null;
  /** The user is signed out: calls wait until a user signs in. */
  isSignedOut: boolean;
  /** Whether the page shows the data of a user, who is signed in or may sign in again. */
  hasOwner: boolean;
  /** A guest is about to sign up or to sign in: what they have will be that person's. */
  isJoining: boolean;
  /** Grows when another user may have signed in: what the page has read is not theirs. */
  visit: number;
}

/** What an {@link Account} needs. */
export interface AccountOptions {
  api: AuthApi;
  tabs: Tabs;
  memory: AccountMemory;
  /** Unix milliseconds. */
  now(): number;
  /** Calls back after `ms`; returns a function that cancels this. */
  later(callback: () => void, ms: number): () => void;
}

/** The call belongs to a visit that is over. */
export class OtherPersonError extends Error {
  override name = 'OtherPersonError';

  constructor() {
    super('Another user may be signed in now');
  }
}

interface Token {
  text: string;
  /** From when on it is not used, in Unix milliseconds. */
  until: number;
}

/** A token is replaced this long before its end, or after four fifths of its life if that is later. */
const BEFORE_END_MS = 60_000;
/** The life of a token that says to have none, so that a server with a wrong clock is not asked without a pause. */
const SHORTEST_LIFE_MS = 5_000;

/**
 * The signed-in user of this page. It keeps the token in memory, replaces it before its expiry, and holds calls back while
 * the user is signed out. If the server needed no token when it was last asked, calls do not wait.
 */
export class Account {
  readonly #options: AccountOptions;
  readonly #listeners = new Set<() => void>();
  readonly #tokenListeners = new Set<(token: string) => void>();
  #state: AccountState = { ways: null, isSignedOut: false, hasOwner: false, isJoining: false, visit: 0 };
  #needsNoToken: boolean;
  #token: Token | null = null;
  /** The person: in mode `accounts` their id; a pasted token says of itself alone for whom it is. */
  #who: string | null = null;
  #ways: Promise<SignInWays> | null = null;
  #getting: Promise<void> | null = null;
  /** Grows when what is being asked is not of interest any more. */
  #round = 0;
  #cancel = () => {};

  constructor(options: AccountOptions) {
    this.#options = options;
    this.#needsNoToken = (options.memory.mode() ?? 'none') === 'none';
    options.tabs.listen((message) => this.#heard(message));
  }

  readonly getSnapshot = (): AccountState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Calls back with each token that this page gets from now on. Returns a function that stops this. */
  onToken(listener: (token: string) => void): () => void {
    this.#tokenListeners.add(listener);
    return () => this.#tokenListeners.delete(listener);
  }

  /** Finds out how people sign in, and who is here. */
  start(): void {
    const asked = this.#needsNoToken ? this.#readWays() : this.#get();
    // Each call asks again.
    asked.catch(() => {});
  }

  stop(): void {
    this.#cancel();
    this.#options.tabs.close();
  }

  /**
   * The value of the `Authorization` header for a call of a visit; null: none is needed. Waits while the user is signed out.
   * @throws {OtherPersonError} when the visit is over; what the {@link AuthApi} throws when a token cannot be got
   */
  async authorization(visit: number): Promise<string | null> {
    for (;;) {
      if (visit !== this.#state.visit) throw new OtherPersonError();
      if (this.#needsNoToken) return null;
      if (this.#token && this.#token.until > this.#options.now()) return `Bearer ${this.#token.text}`;
      if (this.#state.isSignedOut) await this.#change();
      else await this.#get();
    }
  }

  /** Call when the server has refused an authorization of {@link authorization}: it is not used again. */
  refused(authorization: string | null): void {
    if (authorization === null) {
      if (!this.#needsNoToken) return;
      this.#needsNoToken = false;
      // It may have been another server, or another configuration.
      if (this.#state.ways?.mode === 'none') this.#ways = null;
    } else if (this.#token && authorization === `Bearer ${this.#token.text}`) {
      if (this.#state.ways?.mode === 'token') this.#options.memory.keepPasted(null);
      this.#token = null;
    }
  }

  /** Asks the server again for the session. Resolves to whether a user is signed in; rejects when it cannot be reached. */
  async recheck(): Promise<boolean> {
    this.#dropAsked();
    await this.#get();
    return !this.#state.isSignedOut;
  }

  /** In mode `token`: goes on with a token. Resolves to whether the server accepts it; rejects when it cannot be reached. */
  async paste(token: string): Promise<boolean> {
    if (!(await this.#options.api.accepts(token))) return false;
    this.#options.memory.keepPasted(token);
    this.#take(token, token);
    return !this.#state.isSignedOut;
  }

  /** Call when a guest begins to sign up, or changes their mind. */
  join(isJoining: boolean): void {
    this.#set({ isJoining });
  }

  /** Signs out in every tab. Rejects when the server cannot be reached; then the user stays signed in. */
  async signOut(): Promise<void> {
    if (this.#state.ways?.mode === 'accounts') await this.#options.api.signOut();
    this.#leave();
    this.#options.tabs.post({ type: 'signed-out' });
  }

  #heard(message: TabMessage): void {
    if (this.#needsNoToken) return;
    if (message.type === 'signed-out') {
      if (this.#who !== null || !this.#state.isSignedOut) this.#leave();
    } else if (this.#state.ways?.mode !== 'token' && (this.#state.isSignedOut || this.#who !== message.who)) {
      // What this page shows is not for another person, not even until their token is here.
      if (this.#who !== null && this.#who !== message.who) this.#leave();
      this.#dropAsked();
      this.#get().catch(() => {});
    }
  }

  #readWays(): Promise<SignInWays> {
    this.#ways ??= this.#options.api.ways().then(
      (ways) => {
        this.#options.memory.keepMode(ways.mode);
        this.#needsNoToken = ways.mode === 'none';
        this.#set({ ways });
        return ways;
      },
      (error) => {
        this.#ways = null;
        throw error;
      },
    );
    return this.#ways;
  }

  /** Gets a token, or learns that none is needed or that the user is signed out; one request for all calls that wait. */
  #get(): Promise<void> {
    if (this.#getting) return this.#getting;
    const getting = this.#getOnce().finally(() => {
      if (this.#getting === getting) this.#getting = null;
    });
    this.#getting = getting;
    return getting;
  }

  async #getOnce(): Promise<void> {
    const { api, memory } = this.#options;
    const round = this.#round;
    const { mode } = await this.#readWays();
    if (mode === 'none') return;
    if (mode === 'token') {
      if (round !== this.#round) return;
      const pasted = memory.pasted();
      return pasted === null ? this.#close() : this.#take(pasted, pasted);
    }
    const token = await api.token();
    if (round !== this.#round) return;
    if (token === null) this.#close();
    else this.#take(token, claimsOf(token).subject ?? '');
  }

  /** `who`: whom the token is for. */
  #take(text: string, who: string): void {
    const { issuedAt, expiresAt } = claimsOf(text);
    const now = this.#options.now();
    const isOwn = this.#state.ways?.mode === 'accounts';
    // The life of a token that was issued just now is right whatever the clock of this machine says.
    const left =
      expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - (isOwn ? (issuedAt ?? now) : now);
    if (!isOwn && left <= 0) return this.#close();
    const life = Math.max(left, SHORTEST_LIFE_MS);

    const isNews = this.#state.isSignedOut || this.#who !== who;
    const isOther = this.#who !== null && this.#who !== who;
    this.#who = who;
    this.#token = { text, until: now + life };
    this.#cancel();
    if (isOwn) this.#refreshIn(life - Math.min(BEFORE_END_MS, life / 5), 0);
    const { visit } = this.#state;
    const isJoining = this.#state.isJoining && !isOther;
    this.#set({ isSignedOut: false, hasOwner: true, isJoining, visit: isOther ? visit + 1 : visit });
    for (const listener of this.#tokenListeners) listener(text);
    if (isNews && isOwn) this.#options.tabs.post({ type: 'signed-in', who });
  }

  #refreshIn(ms: number, attempt: number): void {
    this.#cancel = this.#options.later(() => {
      this.#get().catch(() => this.#refreshIn(backoff(attempt), attempt + 1));
    }, ms);
  }

  /** The person may come back. */
  #close(): void {
    this.#cancel();
    this.#token = null;
    this.#set({ isSignedOut: true });
  }

  /** The person has left: nothing of theirs stays in this page. */
  #leave(): void {
    this.#dropAsked();
    this.#options.memory.keepPasted(null);
    this.#who = null;
    this.#close();
    this.#set({ hasOwner: false, isJoining: false, visit: this.#state.visit + 1 });
  }

  #dropAsked(): void {
    this.#round += 1;
    this.#getting = null;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const off = this.subscribe(() => {
        off();
        resolve();
      });
    });
  }

  #set(change: Partial<AccountState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}
