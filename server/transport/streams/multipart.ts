import type { StreamFormat } from './stream-format.ts';

/** How often an empty part says that the connection is alive, in milliseconds: as often as Apollo's router does. */
const EMPTY_PART_MS = 5_000;
/** Stands between the parts. It follows each part at once: by it a reader knows that the part is whole. */
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
