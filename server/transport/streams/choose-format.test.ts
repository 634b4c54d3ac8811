import { expect, test } from 'vitest';
import { formatFor } from './choose-format.ts';
import { EVENT_STREAM } from './event-stream.ts';
import { MULTIPART } from './multipart.ts';

const APOLLO = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0';

test.each([
  [undefined, EVENT_STREAM],
  ['*/*', EVENT_STREAM],
  ['text/event-stream', EVENT_STREAM],
  ['text/event-stream;q=0, */*', null],
  ['application/json', null],
  [APOLLO, MULTIPART],
  [`${APOLLO},application/graphql-response+json,application/json;q=0.9`, MULTIPART],
  ['Multipart/Mixed; SubscriptionSpec="1.0", application/json', MULTIPART],
  [`${APOLLO}, */*`, MULTIPART],
  [`text/event-stream, ${APOLLO}`, EVENT_STREAM],
  [`${APOLLO}, text/event-stream`, MULTIPART],
  [`${APOLLO};q=0.5, text/event-stream`, EVENT_STREAM],
  [`text/event-stream;q=0.5, ${APOLLO}`, MULTIPART],
  [`${APOLLO};q=0, application/json`, null],
  ['multipart/mixed', null],
  ['multipart/mixed;subscriptionSpec=2.0', null],
  ['multipart/mixed;deferSpec=20220824', null],
])('Accept: %s', (accept, format) => {
  expect(formatFor(accept)).toBe(format);
});
