import type { Caller } from '../../core/domain/caller.ts';
import { isSameOwner } from '../../core/domain/owner.ts';
import type { Revocation, Revocations } from '../../core/live/revocations/revocations.ts';
import type { ApiTokens } from '../../core/store/api-tokens.ts';
import type { Log } from '../../core/telemetry/log.ts';
import type { OwnTokens } from './own-tokens.ts';

/** Why a session ends before its client ends it. */
export type SessionEnd = 'expired' | 'revoked';

/** Something that is open by the right of a caller, such as a socket. */
export interface Session {
  readonly caller: Caller;
  /** It goes on by this right. */
  renew(caller: Caller): void;
  /** It is closed. Idempotent. */
  end(): void;
}

export interface SessionsOptions {
  apiTokens: Pick<ApiTokens, 'validAmong'>;
  /** Of the mode `accounts`: the sessions of people. */
  ownTokens?: Pick<OwnTokens, 'openAmong'> | null;
  revocations: Pick<Revocations, 'listen'>;
  log: Log;
  /** Within which time before the end of its right a session is closed, at random, in milliseconds. */
  spreadMs: number;
  /** Unix milliseconds. */
  now?: () => number;
}

/**
 * How often the rights in use are checked, in milliseconds: a revocation holds within 5 s, also while Redis is unavailable, and
 * for what was opened by a right that was still trusted, for up to 3 s.
 */
const CHECK_EVERY_MS = 2_000;
/** The longest time of a timer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Open {
  caller: Caller;
  timer: NodeJS.Timeout | undefined;
  close: (why: SessionEnd) => void;
}

/** What is open on this server, by whose right. Each is closed when its right expires or is revoked. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #now: () => number;
  readonly #open = new Set<Open>();
  readonly #stopListening: () => void;
  readonly #checks: NodeJS.Timeout;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#stopListening = options.revocations.listen((revocation) => this.#revoke(revocation));
    this.#checks = setInterval(() => void this.#check(), CHECK_EVERY_MS);
    this.#checks.unref();
  }

  /** `close` is called once, when the session must end; not after `end`. */
  open(caller: Caller, close: (why: SessionEnd) => void): Session {
    const open: Open = { caller, timer: undefined, close };
    this.#open.add(open);
    this.#await(open);
    return {
      get caller() {
        return open.caller;
      },
      renew: (renewed) => {
        if (!this.#open.has(open)) return;
        open.caller = renewed;
        this.#await(open);
      },
      end: () => this.#end(open),
    };
  }

  stop(): void {
    clearInterval(this.#checks);
    this.#stopListening();
    for (const open of [...this.#open]) this.#end(open);
  }

  #await(open: Open): void {
    clearTimeout(open.timer);
    const { expiresAt } = open.caller;
    if (expiresAt === null) return;
    const left = expiresAt - this.#now();
    // At most a tenth of what is left, so that a short right is not cut short.
    const early = Math.random() * Math.min(this.#options.spreadMs, left / 10);
    open.timer = setTimeout(() => this.#expire(open), Math.min(Math.max(0, left - early), LONGEST_TIMER_MS));
    open.timer.unref();
  }

  #expire(open: Open): void {
    const { expiresAt } = open.caller;
    // A timer cannot be longer than 24 days.
    if (expiresAt !== null && expiresAt - this.#now() > this.#options.spreadMs) return this.#await(open);
    this.#close(open, 'expired');
  }

  #end(open: Open): void {
    clearTimeout(open.timer);
    this.#open.delete(open);
  }

  #close(open: Open, why: SessionEnd): void {
    if (!this.#open.has(open)) return;
    this.#end(open);
    open.close(why);
  }

  #revoke(revocation: Revocation): void {
    for (const open of [...this.#open]) {
      const { caller } = open;
      const isMeant =
        'apiTokenId' in revocation
          ? caller.apiTokenId === revocation.apiTokenId
          : isSameOwner(caller, revocation);
      if (isMeant) this.#close(open, 'revoked');
    }
  }

  /** Closes what is open by a right that has ended, and by API tokens that have another role now. */
  async #check(): Promise<void> {
    const { apiTokens, ownTokens } = this.#options;
    const inUse = [...this.#open].map((open) => ({ open, caller: open.caller }));
    const idsOf = (key: 'apiTokenId' | 'sessionId') => [
      ...new Set(inUse.flatMap(({ caller }) => caller[key] ?? [])),
    ];
    const [tokenIds, sessionIds] = [idsOf('apiTokenId'), idsOf('sessionId')];
    try {
      const valid = tokenIds.length > 0 ? await apiTokens.validAmong(tokenIds) : null;
      const signedIn = sessionIds.length > 0 ? await ownTokens?.openAmong(sessionIds) : null;
      const hasEnded = ({ apiTokenId, sessionId, role }: Caller) =>
        (apiTokenId !== null && valid?.get(apiTokenId) !== role) ||
        (sessionId !== null && signedIn?.has(sessionId) !== true);
      // What was renewed meanwhile is for the next check.
      for (const { open, caller } of inUse)
        if (open.caller === caller && hasEnded(caller)) this.#close(open, 'revoked');
    } catch (err) {
      this.#options.log.debug({ err }, 'the rights in use could not be checked');
    }
  }
}
