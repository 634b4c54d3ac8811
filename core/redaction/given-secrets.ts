import type { Finding } from './finding.ts';

/** Secrets that are told by where they stand: given to a name, in a URL, or after a scheme. The value alone is taken. */
export function* findGivenSecrets(text: string): Generator<Finding> {
  yield* givenTo(text);
  yield* inUrls(text);
  yield* afterSchemes(text);
}

/** What is called a key, a secret or a password, and given a value. Quotes may be escaped: JSON in JSON. */
const GIVEN =
  /(api[ _-]?key|secret[_-]?(?:access[_-]?)?key|client[_-]?secret|access[_-]?token|auth[_-]?token|refresh[_-]?token|private[_-]?key|password|passwd|passphrase|pwd|token|secret)(\\?["'])?\s{0,3}(=>|[:=])\s{0,3}(\\?["'])?([^\s"'`,;&<>(){}[\]]{8,16384})/gi;

function* givenTo(text: string): Generator<Finding> {
  for (const match of text.matchAll(GIVEN)) {
    const [found, name = '', , sign, quote, given = ''] = match;
    const value = given.replace(/\\$/, '');
    const start = match.index + found.length - given.length;
    const end = start + value.length;
    if (!/\d/.test(value) || IS_JWT.test(value) || (!quote && isExpression(value, text[end]))) continue;
    if (isVague(name) && !((quote || sign === '=') && /[A-Za-z]/.test(value))) continue;
    yield { kind: 'API_KEY', start, end };
  }
}

const IS_JWT = /^eyJ[\w-]+\./;

/** Names that other things have too: their values are in quotes, or given with a sign, and no plain numbers. */
const isVague = (name: string) => /^(?:token|secret)$/i.test(name);

/** A call, an element, a variable, or a path of names: the value is elsewhere. */
function isExpression(value: string, next = ''): boolean {
  return /[([]/.test(next) || value.startsWith('$') || SETTINGS.test(value) || PATH.test(value);
}

const PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){2,10}$/;

const SETTINGS =
  /^(?:process|import\.meta|os|env|environ|config|settings?|secrets?|vars?|self|this|ctx|context|req|request|res|args?|argv|options|opts|params|props|data|state|local|Deno|Bun|System)\.[A-Za-z_]/;

/** `postgres://user:password@host`; what follows a colon in other URLs is a port. */
const IN_URL = /:\/\/[^\s:/@"'<>]{0,100}:(?!\d{1,5}[?#,])([^\s/"'<>]{1,200})@/g;

function* inUrls(text: string): Generator<Finding> {
  for (const { index, 0: found, 1: password = '' } of text.matchAll(IN_URL)) {
    if (PLACEHOLDER.test(password)) continue;
    const end = index + found.length - 1;
    yield { kind: 'API_KEY', start: end - password.length, end };
  }
}

const PLACEHOLDER = /^(?:\{\w*\}|\$\{?\w+\}?|\*+|%s)$/;

const BEARER = /\bbearer\s{1,3}([\w.~+/-]{12,16384}={0,4})/gi;
const BASIC = /\bbasic\s{1,3}([A-Za-z0-9+/]{8,400}={0,2})/gi;

function* afterSchemes(text: string): Generator<Finding> {
  for (const { index, 0: found, 1: token = '' } of text.matchAll(BEARER)) {
    const end = index + found.length;
    if (isToken(token)) yield { kind: 'BEARER_TOKEN', start: end - token.length, end };
  }
  for (const { index, 0: found, 1: credentials = '' } of text.matchAll(BASIC)) {
    const end = index + found.length;
    if (isNameAndPassword(credentials)) yield { kind: 'API_KEY', start: end - credentials.length, end };
  }
}

/** A word is no token: it has a digit, or is long, with letters of both cases or marks among them. */
function isToken(token: string): boolean {
  return /\d/.test(token) || (token.length >= 20 && /[a-z][A-Z]|[A-Z]{2}[a-z]|[+=~]/.test(token));
}

/** With a colon between them (RFC 7617), and nothing that cannot be typed. */
function isNameAndPassword(credentials: string): boolean {
  return /^[^\p{Cc}\ufffd]*:[^\p{Cc}\ufffd]*$/u.test(Buffer.from(credentials, 'base64').toString());
}
