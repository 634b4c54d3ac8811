import { gzipSync } from 'node:zlib';
import fc, { type Arbitrary } from 'fast-check';
import { hostileHeader } from './hostile-headers.ts';
import { hostileJson, hostileObject, hostileText } from './hostile-json.ts';
import type { Exchange } from './raw-exchange.ts';

const QUERY = '{ viewer { id } }';
const SUBSCRIPTION = 'subscription { conversationChanges { kind } }';

const METHODS = [
  ...[
    'GET',
    'POST',
    'PUT',
    'DELETE',
    'HEAD',
    'OPTIONS',
    'PATCH',
    'TRACE',
    'PROPFIND',
    'SEARCH',
    'QUERY',
    'PURGE',
  ],
  ...['M-SEARCH', 'SOURCE', 'LINK'],
];

/** Every entry of the server, and places beside them. */
const PATHS = [
  ...[
    '/graphql',
    '/graphql/',
    '/graphql/stream',
    '/v1/chat/completions',
    '/v1/models',
    '/v1/models/demo',
    '/v1',
    '/v1/%00',
  ],
  ...[
    '/health/live',
    '/health/ready',
    '/metrics',
    '/',
    '/index.html',
    '/assets/%00',
    '/conversations/x',
    '//',
    '/%',
    '*',
  ],
  ...[
    '/auth/providers',
    '/auth/get-session',
    '/auth/token',
    '/auth/jwks',
    '/auth/sign-in/email',
    '/auth/sign-up/email',
  ],
  ...[
    '/auth/sign-in/social',
    '/auth/sign-out',
    '/auth/reset-password/x',
    '/auth/verify-email',
    '/auth/callback/github',
  ],
  ...[
    '/auth/',
    '/auth/%00',
    '/auth/__proto__',
    '/auth/list-sessions',
    '/auth/request-password-reset',
    '/v1/models/%E0%A4%A',
  ],
  ...[
    'http://127.0.0.1/graphql',
    'http://[',
    '/graphql%2f..',
    '/graphql;x',
    '/../../etc/passwd',
    '/assets/../../package.json',
  ],
];

const search = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'query',
        'variables',
        'extensions',
        'operationName',
        'token',
        'operationId',
        '__proto__',
        'callbackURL',
        'error',
      ),
      fc.oneof(
        fc.constantFrom(QUERY, SUBSCRIPTION, '{}', '%', '%00', '//evil.example'),
        hostileJson,
        hostileText,
      ),
    ),
    { maxLength: 4 },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${encoded(value)}`).join('&'));

/** As it may be in a URL; what has no encoding in UTF-8 goes as malformed escapes. At most 8 kB, so that it is read. */
function encoded(value: string): string {
  if (value.startsWith('%')) return value;
  return encodeURIComponent(value.slice(0, 600).toWellFormed()).slice(0, 8_000);
}

const target = fc
  .tuple(fc.constantFrom(...PATHS), fc.oneof(fc.constant(''), search))
  .map(([path, query]) => (query ? `${path}?${query}` : path));

const operation = hostileObject({
  query: fc.oneof(
    fc.constantFrom(QUERY, SUBSCRIPTION).map((text) => JSON.stringify(text)),
    hostileJson,
  ),
  variables: hostileJson,
  operationName: hostileJson,
  extensions: hostileJson,
});

/** Five million zeros in 5,000 bytes. */
const BOMB = gzipSync(Buffer.alloc(5_000_000)).toString('latin1');

/** A text as the characters for its bytes in UTF-8: what is sent is printed as text when a property fails. */
const bytesOf = (text: string) => Buffer.from(text).toString('latin1');

const body = fc.oneof(
  { weight: 6, arbitrary: operation.map(bytesOf) },
  { weight: 1, arbitrary: hostileJson.map(bytesOf) },
  {
    weight: 1,
    arbitrary: fc.array(fc.nat(0xff), { maxLength: 50 }).map((bytes) => String.fromCharCode(...bytes)),
  },
  { weight: 1, arbitrary: fc.constantFrom(BOMB, '', '\xff\xfe', ' '.repeat(1_100_000)) },
);

/**
 * A request with any method, target, headers and body, each sent as HTTP wants it: it must be answered. `connection`: the
 * header of this name, unless the request is an upgrade.
 */
export function wellFramed(host: string, authorization: string, connection = 'close'): Arbitrary<string> {
  return fc
    .record({
      method: fc.constantFrom(...METHODS),
      target,
      headers: fc.array(hostileHeader, { maxLength: 5 }),
      body,
      isAuthorized: fc.boolean(),
      isJson: fc.boolean(),
      version: fc.constantFrom('1.1', '1.1', '1.1', '1.0'),
    })
    .map(({ method, target: path, headers, body: sent, isAuthorized, isJson, version }) => {
      const has = (name: string) => headers.some(([one]) => one === name);
      const all = [
        `${method} ${path} HTTP/${version}`,
        `host: ${host}`,
        ...(isAuthorized ? [`authorization: ${authorization}`] : []),
        ...(isJson ? ['content-type: application/json'] : []),
        ...headers.map(([name, value]) => `${name}: ${value}`),
        ...(has('connection') && has('upgrade') ? [] : [`connection: ${connection}`]),
        `content-length: ${sent.length}`,
      ];
      return `${all.join('\r\n')}\r\n\r\n${sent}`;
    });
}

/** Requests whose bytes are damaged: sizes that are wrong, cut off, repeated, mixed with others; each in any parts. */
export function illFramed(host: string, authorization: string): Arbitrary<Exchange> {
  const damage = fc.oneof(
    fc.constantFrom<[string, string]>(
      ['content-length: ', 'content-length: 9'],
      ['content-length: ', 'content-length: -'],
      ['content-length: ', 'content-length: 1\r\ncontent-length: '],
      ['content-length: ', 'transfer-encoding: chunked\r\ncontent-length: '],
      ['content-length: ', 'transfer-encoding: chunked\r\nx: '],
      ['content-length: ', 'transfer-encoding: gzip, x\r\nx: '],
      ['\r\n\r\n', '\r\ntransfer-encoding: chunked\r\nx: y\r\n\r\nzz\r\n'],
      ['\r\n\r\n', '\r\n'],
      ['\r\n', '\n'],
      ['\r\n', '\r\n folded\r\n'],
      ['\r\n', '\r\n: no name\r\n'],
      ['\r\n', '\r\nna me: 1\r\n'],
      ['\r\n', `\r\nhuge: ${'x'.repeat(20_000)}\r\n`],
      ['\r\n', `\r\n${Array.from({ length: 3_000 }, (_, n) => `h${n}: 1`).join('\r\n')}\r\n`],
      ['host: ', 'host: evil.example\r\nhost: '],
      ['host: ', 'x: '],
      ['HTTP/1.1', 'HTTP/9.9'],
      ['HTTP/1.1', 'HTTP/2.0'],
      ['HTTP/1.1', ''],
      [' HTTP', '\0 HTTP'],
      [' ', '  '],
    ),
    fc.string({ unit: 'binary', maxLength: 5 }).map((text): [string, string] => ['\r\n', `${text}\r\n`]),
  );
  const request = fc

    .tuple(wellFramed(host, authorization, 'keep-alive'), fc.option(damage), fc.option(fc.nat(2_000)))
    .map(([bytes, damaged, cut]) => {
      const [from, to] = damaged ?? ['', ''];
      const whole = bytes.replace(from, () => to);
      return whole.slice(0, cut ?? whole.length);
    });
  const bytes = fc.array(request, { minLength: 1, maxLength: 3 }).map((all) => all.join(''));
  return fc.record({
    parts: fc
      .tuple(bytes, fc.array(fc.nat(3_000), { maxLength: 2 }))
      .map(([whole, cuts]) => partsOf(whole, cuts)),
    leave: fc.constantFrom('half', 'destroy', 'reset'),
  });
}

function partsOf(whole: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length];
  return places.slice(1).map((end, at) => whole.slice(places[at], end));
}
