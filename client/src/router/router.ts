import { useSyncExternalStore } from 'react';

/** Where the user is. */
export type Route =
  | { name: 'welcome' }
  | { name: 'conversation'; id: string }
  | { name: 'usage' }
  | { name: 'tokens' }
  | { name: 'signIn' }
  | { name: 'resetPassword' }
  | { name: 'unknown' };

/** The pages whose paths are always the same. */
const PAGES: Record<string, Route> = {
  '/': { name: 'welcome' },
  '/usage': { name: 'usage' },
  '/tokens': { name: 'tokens' },
  '/sign-in': { name: 'signIn' },
  '/reset-password': { name: 'resetPassword' },
};

/** The route of a path: one of {@link PAGES}, or `/c/:id`. */
export function routeOf(pathname: string): Route {
  const page = PAGES[pathname] ?? PAGES[pathname.replace(/\/$/, '')];
  if (page) return page;
  const id = /^\/c\/([^/]+)\/?$/.exec(pathname)?.[1];
  return id ? { name: 'conversation', id: safeDecode(id) } : { name: 'unknown' };
}

/** The path of a conversation. */
export function conversationPath(id: string): string {
  return `/c/${encodeURIComponent(id)}`;
}

/** Goes to a path of this page. `replace`: replaces the current entry of the history. */
export function navigate(path: string, options: { replace?: boolean } = {}): void {
  if (path !== location.pathname) {
    if (options.replace) history.replaceState(null, '', path);
    else history.pushState(null, '', path);
  }
  window.dispatchEvent(new Event(NAVIGATED));
}

/** The current path. */
export function usePathname(): string {
  return useSyncExternalStore(onNavigated, () => location.pathname);
}

const NAVIGATED = 'taskflow:navigated';

/** Calls back after each navigation on this page, even to the current path. Returns a function that stops this. */
export function onNavigated(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(NAVIGATED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(NAVIGATED, listener);
  };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
