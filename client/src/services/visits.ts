import { navigate } from '../router/router.ts';
import type { Account } from '../session/account.ts';
import type { Services } from './services.ts';

/**
 * The services of the visit that is going on: a store. When another visit begins, they are stopped and replaced, and the page
 * leaves the place of the person before; not that of a guest who has signed up. Another pasted token may be of the same
 * person, so the place stays.
 */
export class Visits {
  readonly #account: Account;
  readonly #create: () => Services;
  readonly #off: () => void;
  #services: Services;
  #isJoining = false;

  constructor(account: Account, create: () => Services) {
    this.#account = account;
    this.#create = create;
    this.#services = create();
    this.#services.start();
    // The first of the account's listeners, so that nothing of the visit before is seen or sent.
    this.#off = account.subscribe(() => this.#replaceIfOver());
  }

  readonly getSnapshot = (): Services => this.#services;

  readonly subscribe = (listener: () => void): (() => void) => this.#account.subscribe(listener);

  async stop(): Promise<void> {
    this.#off();
    await this.#services.stop();
  }

  #replaceIfOver(): void {
    const { visit, ways, hasOwner, isJoining } = this.#account.getSnapshot();
    const wasJoining = this.#isJoining;
    this.#isJoining = isJoining;
    if (visit === this.#services.visit) return;
    if (!wasJoining || !hasOwner) this.#services.kept.leaveToNext(false);
    void this.#services.stop();
    this.#services = this.#create();
    this.#services.start();
    const isSamePerson = hasOwner && (wasJoining || ways?.mode === 'token');
    if (!isSamePerson) navigate('/', { replace: true });
  }
}
