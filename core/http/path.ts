import type { IncomingMessage } from 'node:http';

/** The path of a request, as it was sent. A target that is not a URL, such as `//`, is treated as a path. */
export function pathOf({ url }: IncomingMessage): string {
  return (url ?? '/').split('?', 1)[0] ?? '/';
}
