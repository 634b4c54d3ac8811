import fc from 'fast-check';
import { hostileText } from './hostile-json.ts';

/** A value that a header can carry: no controls, and bytes as they are. */
const headerText = hostileText.map((text) => text.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '?').slice(0, 3_000));

/** Headers that servers act upon, with values that they may not expect. */
const HEADERS: Record<string, readonly string[]> = {
  'content-type': [
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=utf-16',
    'application/graphql-response+json',
    'application/graphql',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    ';;,',
    '',
    'application/json, text/plain',
  ],
  'content-encoding': ['gzip', 'br', 'deflate', 'identity', 'gzip, gzip', 'x'],
  accept: [
    'application/json',
    'application/graphql-response+json',
    'text/event-stream',
    'multipart/mixed;subscriptionSpec=1.0',
    'multipart/mixed',
    'text/html',
    '*/*',
    'image/png',
    ',;=',
    `${'a/b,'.repeat(2_000)}*/*`,
  ],
  'accept-language': ['de', '*', ',;'],
  expect: ['100-continue', '200-ok', '100-continue, 100-continue'],
  upgrade: ['websocket', 'h2c', 'foo/2', 'websocket, h2c'],
  connection: ['close', 'Upgrade', 'keep-alive, Upgrade, HTTP2-Settings'],
  'sec-websocket-key': ['AAAAAAAAAAAAAAAAAAAAAA==', 'x', ''],
  'sec-websocket-version': ['13', '8', 'x', '-1'],
  'sec-websocket-protocol': ['graphql-transport-ws', 'graphql-ws', 'a, a', ',', 'x y'],
  'sec-websocket-extensions': ['permessage-deflate', 'permessage-deflate; server_max_window_bits=99', ';=,'],
  authorization: [
    'Bearer',
    'Bearer ',
    'Bearer tf_',
    'Bearer eyJhbGciOiJub25lIn0.e30.',
    'Bearer a.b.c',
    'Basic Og==',
    'Bearer eyJhbGciOiJIUzI1NiIsImtpZCI6Il9fcHJvdG9fXyJ9.eyJzdWIiOiJ4In0.x',
  ],
  cookie: [
    'taskflow.session_token=x',
    'taskflow.session_token=%00',
    'a=%E0%A4%A',
    '=',
    ';;;',
    '__proto__=1',
    `${'a=b; '.repeat(500)}`,
  ],
  origin: ['null', 'http://evil.example', '', 'file://', 'http://['],
  referer: ['http://[', 'about:blank'],
  'sec-fetch-site': ['same-origin', 'cross-site', '?'],
  'x-forwarded-for': ['unknown', '1.2.3.4, ::1', ',,,', '1.2.3.4:80', '[::1]', '%00'],
  'x-request-id': ['a b', 'x'.repeat(200)],
  'x-graphql-event-stream-token': ['__proto__', '', 'x'],
  'x-taskflow-conversation': ['Conversation_x', '__proto__', ''],
  'idempotency-key': ['x', '00000000-0000-0000-0000-000000000000', ''],
  traceparent: ['00-00000000000000000000000000000000-0000000000000000-00', 'ff-x', ''],
  tracestate: ['a=b,a=b', '='],
  baggage: ['%00=1', ',;='],
  'last-event-id': ['x', ''],
  'if-none-match': ['*', 'W/"', '"'],
  'if-modified-since': ['x', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  range: ['bytes=9999999-', 'bytes=-1', 'x', 'bytes=0-0,0-0'],
  te: ['trailers', 'x'],
  'max-forwards': ['0'],
  __proto__: ['1'],
  constructor: ['1'],
};

/** A header that can be sent, with a value that is usual or is not. */
export const hostileHeader = fc
  .constantFrom(...Object.keys(HEADERS))
  .chain((name) =>
    fc
      .oneof(
        { weight: 5, arbitrary: fc.constantFrom(...(HEADERS[name] ?? [''])) },
        { weight: 1, arbitrary: headerText },
      )
      .map((value) => [name, value] as const),
  );
