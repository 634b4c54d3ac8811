import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';

/** The header that bears it, both ways. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** By what a request is found in the log: as its caller, or a proxy before us, named it, if that is a name; else anew. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : uuidv7();
}
