import type { IncomingMessage } from 'node:http';

/** The path that a request names, as it was sent. A target that is no URL, such as `//`, is a path like any other. */
export function pathOf({ url }: IncomingMessage): string {
  return (url ?? '/').split('?', 1)[0] ?? '/';
}
