import { createHash } from 'node:crypto';
import type { Config } from '../../core/config/config.ts';
import type { RateLimitedError } from '../../core/domain/errors.ts';
import { type Owner, ownerKey } from '../../core/domain/owner.ts';
import { MemoryRates } from '../../core/live/rates/memory.ts';
import type { Call, Rate, Rates } from '../../core/live/rates/rates.ts';
import { networkOf } from './network-of.ts';
import type { Limit, Refusals } from './refusals.ts';
import { Shares } from './shares.ts';
import { Window } from './window.ts';

/** Where a call comes from. */
export interface Origin {
  owner: Owner;
  address: string;
  /** The WebSocket, or the stream that carries results of many operations; null where a request carries one. */
  connection: object | null;
}

/** What a mutation does, as far as it is limited. */
export type MutationKind = 'message' | 'mutation' | 'activity' | 'telemetry';

/** The limits of requests below /auth by address. */
export type VisitLimit = 'signInsPerAddress' | 'guestsPerAddress';

/** When to try again where nothing says when something else will have ended, in milliseconds. */
const AT_ONCE_RETRY_MS = 1_000;
/** The window in which a connection is counted, in milliseconds. */
const CONNECTION_WINDOW_MS = 10_000;

const MINUTE_S = 60;
const SIGN_INS_S = 300;
const FRAMES_S = 10;
const HANDSHAKES_S = 10;

const OF_KIND: Record<MutationKind, readonly Limit[]> = {
  message: ['messagesPerOwner', 'messagesPerAddress'],
  mutation: ['mutationsPerOwner'],
  activity: ['activityPerOwner'],
  telemetry: ['telemetryPerOwner'],
};

export interface LimitsOptions {
  config: Pick<Config, Limit>;
  rates: Rates;
  refusals: Refusals;
}

/**
 * What one caller can take of the service. Rates of owners and addresses hold over all servers; what is open or runs at once is
 * counted by each server. Every refusal is a {@link RateLimitedError}, and nothing was done.
 */
export class Limits {
  readonly #options: LimitsOptions;
  readonly #shares = new Map<Limit, Shares>();
  readonly #begun = new WeakMap<object, Window>();
  /** What this process counts for itself. */
  readonly #here = new MemoryRates();

  constructor(options: LimitsOptions) {
    this.#options = options;
  }

  /** Counts a mutation, in one round trip. @throws {RateLimitedError} */
  async countMutation(kind: MutationKind, { owner, address }: Omit<Origin, 'connection'>): Promise<void> {
    const by = (limit: Limit) => (limit.endsWith('PerAddress') ? networkOf(address) : ownerKey(owner));
    await this.#count(...OF_KIND[kind].map((limit) => this.#call(limit, by(limit), MINUTE_S)));
  }

  /** Counts a handshake of a WebSocket. @throws {RateLimitedError} */
  async countHandshake(address: string): Promise<void> {
    await this.#count(this.#call('handshakesPerAddress', networkOf(address), HANDSHAKES_S));
  }

  /**
   * Counts an attempt to sign in with an e-mail address, or to have a mail sent to it. @throws {RateLimitedError}
   */
  async countSignIn(email: string): Promise<void> {
    await this.#count(this.#signInOf(email));
  }

  /** Begins the count of an e-mail address again. */
  async signedIn(email: string): Promise<void> {
    await this.#options.rates.clear(this.#signInOf(email));
  }

  /** Counts a request of a person below /auth by the limit that it belongs to. @throws {RateLimitedError} */
  async countVisit(limit: VisitLimit, key: string, { most, seconds }: Omit<Rate, 'name'>): Promise<void> {
    await this.#count({ rate: { name: limit, most, seconds }, key });
  }

  /** A query or a mutation runs until the returned function is called. @throws {RateLimitedError} */
  beginOperation({ owner, address, connection }: Origin): () => void {
    return this.#takeAll([
      ...(connection ? [['operationsPerSocket', connection, ownerKey(owner)] as const] : []),
      ['operationsPerOwner', ownerKey(owner)],
      ['operationsPerAddress', networkOf(address)],
    ]);
  }

  /** A subscription is open until the returned function is called. @throws {RateLimitedError} */
  async beginSubscription({ owner, address, connection }: Origin): Promise<() => void> {
    if (connection) this.#countSubscribe(connection, owner);
    const release = this.#takeAll([
      ...(connection ? [['subscriptionsPerSocket', connection, ownerKey(owner)] as const] : []),
      ['subscriptionsPerOwner', ownerKey(owner)],
      ['subscriptionsPerAddress', networkOf(address)],
    ]);
    try {
      await this.#count(this.#call('subscribesPerOwner', ownerKey(owner), MINUTE_S));
      return release;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** A WebSocket or a shared stream of an owner is open until the returned function is called. @throws {RateLimitedError} */
  beginSocket(owner: Owner): () => void {
    return this.#takeAll([['socketsPerOwner', ownerKey(owner)]]);
  }

  /** A completion that belongs to no conversation runs until the returned function is called. @throws {RateLimitedError} */
  beginCompletion(owner: Owner): () => void {
    return this.#takeAll([['completionsPerOwner', ownerKey(owner)]]);
  }

  /** A connection is open until the returned function is called. `isProxy`: many callers share it. @throws {RateLimitedError} */
  beginConnection(address: string, isProxy: boolean): () => void {
    return this.#takeAll([
      ...(isProxy ? [] : [['connectionsPerAddress', networkOf(address)] as const]),
      ['connections', 'all'],
    ]);
  }

  /** A request or a WebSocket that came through a proxy counts as a connection of its caller, in the same way. */
  beginProxied(address: string): () => void {
    return this.#takeAll([['connectionsPerAddress', networkOf(address)]]);
  }

  /** Counts the messages of a WebSocket: call the returned function for each. It throws a {@link RateLimitedError}. */
  frameCounter(address: string): () => void {
    const window = new Window(CONNECTION_WINDOW_MS);
    return () => this.#countIn(window, 'framesPerSocket', networkOf(address));
  }

  /** Counts a message of any WebSocket of an owner. @throws {RateLimitedError} */
  countFrame(owner: Owner): Promise<void> {
    return this.#countOn(this.#here, [this.#call('framesPerOwner', ownerKey(owner), FRAMES_S)]);
  }

  /** By a hash, so that the store holds no e-mail addresses. */
  #signInOf(email: string): Call {
    const key = createHash('sha256').update(email.trim().toLowerCase()).digest('base64url');
    return this.#call('signInsPerUser', key, SIGN_INS_S);
  }

  #countSubscribe(connection: object, owner: Owner): void {
    const window = this.#begun.get(connection) ?? new Window(CONNECTION_WINDOW_MS);
    this.#begun.set(connection, window);
    this.#countIn(window, 'subscribesPerSocket', ownerKey(owner));
  }

  #countIn(window: Window, limit: Limit, key: string): void {
    const retryAfterMs = window.take(this.#options.config[limit]);
    if (retryAfterMs > 0) throw this.#options.refusals.record(limit, retryAfterMs, key);
  }

  #count(...calls: Call[]): Promise<void> {
    return this.#countOn(this.#options.rates, calls);
  }

  async #countOn(rates: Rates, calls: readonly Call[]): Promise<void> {
    const refused = await rates.take(...calls);
    if (!refused) return;
    const { rate, retryAfterMs } = refused;
    const key = calls.find((call) => call.rate === rate)?.key ?? '';
    throw this.#options.refusals.record(rate.name as Limit, retryAfterMs, key);
  }

  #call(limit: Limit, key: string, seconds: number): Call {
    return { rate: { name: limit, most: this.#options.config[limit], seconds }, key };
  }

  /** Takes all of these shares, or none. The third of each: who is named in the log, if it is not the second. */
  #takeAll(wanted: readonly (readonly [limit: Limit, key: unknown, of?: string])[]): () => void {
    const taken: (() => void)[] = [];
    const release = () => {
      for (const give of taken) give();
    };
    for (const [limit, key, of = String(key)] of wanted) {
      const give = this.#sharesOf(limit).take(key, this.#options.config[limit]);
      if (!give) {
        release();
        throw this.#options.refusals.record(limit, AT_ONCE_RETRY_MS, of);
      }
      taken.push(give);
    }
    return release;
  }

  #sharesOf(limit: Limit): Shares {
    const known = this.#shares.get(limit) ?? new Shares();
    this.#shares.set(limit, known);
    return known;
  }
}
