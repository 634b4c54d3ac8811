import { useSyncExternalStore } from 'react';

/** Where the user is. */
export type Route =
  | { name: 'welcome' }
  | { name: 'conversation'; id: string }
  | { name: 'usage' }
  | { name: 'unknown' };

/** The route of a path: `/`, `/c/:id` and `/usage`. */
export function routeOf(pathname: string): Route {
  if (pathname === '/') return { name: 'welcome' };
  if (/^\/usage\/?$/.test(pathname)) return { name: 'usage' };
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
