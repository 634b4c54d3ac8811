import type { StreamFormat } from './stream-format.ts';

/** How often an empty part keeps the connection alive, in milliseconds: as often as Apollo's router sends one. */
const EMPTY_PART_MS = 5_000;
/** The delimiter between parts. It is written together with the part before it, so that a reader knows that it is whole. */
const DELIMITER = '\r\n--graphql';

/** Apollo's multipart protocol for subscriptions over HTTP: each result is the payload of a part. */
export const MULTIPART: StreamFormat = {
  type: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  opening: DELIMITER + part({}),
  heartbeat: part({}),
  heartbeatMs: EMPTY_PART_MS,
  next: (payload) => part({ payload }),
  fault: ({ errors }) => part({ payload: null, errors }),
  closing: '--\r\n',
};

function part(body: object): string {
  return `\r\nContent-Type: application/json; charset=utf-8\r\n\r\n${JSON.stringify(body)}${DELIMITER}`;
}
