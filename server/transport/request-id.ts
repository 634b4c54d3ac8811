import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';

/** The header with a request's id, in requests and responses. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** The id of a request in the log: the one that its caller or a proxy gave it, if that is valid; otherwise a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && /^[\w.:-]{1,100}$/.test(given) ? given : uuidv7();
}
