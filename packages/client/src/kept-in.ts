import type { KeptTexts } from './kept-items.ts';

/** What a {@link Storage} of a browser has, and any other that keeps texts by keys. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/**
 * Texts as they are kept in a storage, all under keys that begin with `prefix`. Storage can be forbidden, or full; then what
 * was written lasts as long as the page.
 */
export function keptIn(storage: TextStorage, prefix: string): KeptTexts {
  return {
    read: (name) => used(() => storage.getItem(prefix + name)) ?? null,
    write(name, text) {
      used(() => (text === null ? storage.removeItem(prefix + name) : storage.setItem(prefix + name, text)));
    },
    names(beginning) {
      const keys = used(() => Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '')) ?? [];
      return keys.filter((key) => key.startsWith(prefix + beginning)).map((key) => key.slice(prefix.length));
    },
  };
}

/** The storage of the browser that outlasts the tab; undefined where there is none, or where it is forbidden. */
export function browserStorage(): TextStorage | undefined {
  return typeof window === 'undefined' ? undefined : used(() => window.localStorage);
}

function used<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
