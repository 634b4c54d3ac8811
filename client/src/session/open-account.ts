import { fetchWithDeadline } from '../graphql/fetch-with-deadline.ts';
import { Account } from './account.ts';
import { accountMemory } from './account-memory.ts';
import { authApi } from './auth-api.ts';
import { openTabs } from './tabs.ts';

/** The {@link Account} of a page. */
export function openAccount(page: Window & typeof globalThis): Account {
  return new Account({
    api: authApi(fetchWithDeadline),
    tabs: openTabs(page),
    memory: accountMemory(page),
    now: Date.now,
    later(callback, ms) {
      const timer = setTimeout(callback, Math.min(ms, LONGEST_TIMER_MS));
      return () => clearTimeout(timer);
    },
  });
}

/** The longest time of a timer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
