/** What a browser remembers about how its people sign in, over reloads of the page. */
export interface AccountMemory {
  /** The mode of the server when it was last asked; null: it never was. */
  mode(): string | null;
  keepMode(mode: string): void;
  /** A token that was pasted in this tab; null: none was. */
  pasted(): string | null;
  keepPasted(token: string | null): void;
}

const MODE = 'taskflow.auth-mode';
const PASTED = 'taskflow.pasted-token';

/**
 * A pasted token is kept in the tab's storage, so that an operator who tries something does not paste it again after every
 * reload; it is gone with the tab, and no script but this page's own may run here (Content-Security-Policy). The tokens that
 * people get by signing in are in no storage at all: their cookie, which no script can read, gets the next one.
 */
export function accountMemory(page: Pick<Window, 'localStorage' | 'sessionStorage'>): AccountMemory {
  return {
    mode: () => read(() => page.localStorage.getItem(MODE)),
    keepMode: (mode) => write(() => page.localStorage.setItem(MODE, mode)),
    pasted: () => read(() => page.sessionStorage.getItem(PASTED)),
    keepPasted: (token) =>
      write(() =>
        token === null ? page.sessionStorage.removeItem(PASTED) : page.sessionStorage.setItem(PASTED, token),
      ),
  };
}

/** Storage can be forbidden; then nothing is remembered. */
function read(get: () => string | null): string | null {
  try {
    return get();
  } catch {
    return null;
  }
}

function write(set: () => void): void {
  try {
    set();
  } catch {
    // As above, or it is full.
  }
}
