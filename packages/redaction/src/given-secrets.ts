import type { Finding } from './finding.ts';

/** Secrets that are identified by their place: assigned to a name, in a URL, or after a scheme. Only the value is found. */
export function* findGivenSecrets(text: string): Generator<Finding> {
  yield* givenTo(text);
  yield* inUrls(text);
  yield* afterSchemes(text);
}

const NAMES =
  'api[ _-]?key|secret[_-]?(?:access[_-]?)?key|client[_-]?secret|access[_-]?token|auth[_-]?token|refresh[_-]?token|private[_-]?key|password|passwd|passphrase|pwd|token|secret';
const QUOTE = `\\\\?["']`;
/** A value without quotes: it ends at a quote, a bracket or a separator of values. */
const BARE = '[^\\s"\'`,;&<>(){}[\\]]{8,16384}';

/**
 * The name of a key, a secret or a password with its value: in quotes, with everything between them except blanks, or
 * without quotes. Quotes may be escaped, as for JSON in JSON.
 */
const GIVEN = new RegExp(
  `(${NAMES})(${QUOTE})?\\s{0,3}(=>|[:=])\\s{0,3}(?:(${QUOTE})((?:(?!\\4)(?:\\\\\\S|[^\\s\\\\])){8,16384})\\4|(${QUOTE})?(${BARE}))`,
  'gi',
);

function* givenTo(text: string): Generator<Finding> {
  for (const match of text.matchAll(GIVEN)) {
    const [found, name = '', , sign = '', quote = '', quoted, openQuote, bare = ''] = match;
    // A trailing backslash escapes the quote after it.
    const value = quoted ?? bare.replace(/\\$/, '');
    const start =
      match.index + found.length - (quoted === undefined ? bare.length : quoted.length + quote.length);
    const end = start + value.length;
    const isQuoted = Boolean(quote || openQuote);
    if (!/\d/.test(value) || IS_JWT.test(value) || MADE_UP.test(value)) continue;
    if (isQuoted ? isPlaceholder(value) : isExpression(value, text[end])) continue;
    if (isVague(name) && !isLikeToken(value, isQuoted || sign === '=')) continue;
    yield { kind: 'API_KEY', start, end };
  }
}

/** What stands in the place of a value in examples. */
const MADE_UP = /^(?:your[_-]|change_?me|placeholder|dummy|x{6})/i;
const IS_JWT = /^eyJ[\w-]+\./;

/**
 * Names that are also used for other things. Their value must be one piece in quotes or after `=`, and not a plain number;
 * or it must contain a long run of letters and digits, which names of secrets do not have.
 */
const isVague = (name: string) => /^(?:token|secret)$/i.test(name);

function isLikeToken(value: string, isGiven: boolean): boolean {
  if (isGiven) return /[A-Za-z]/.test(value) && ONE_PIECE.test(value);
  return MIXED.test(LONG_PIECE.exec(value)?.[0] ?? '');
}

const ONE_PIECE = new RegExp(`^${BARE}$`);
const LONG_PIECE = /[A-Za-z0-9]{16,}/;
const MIXED = /[A-Za-z]\d|\d[A-Za-z]/;

/** Whether it is a call, an element, a variable or a path of names, and so not the value itself. */
function isExpression(value: string, next = ''): boolean {
  return /[([]/.test(next) || VARIABLE.test(value) || SETTINGS.test(value) || PATH.test(value);
}

/** A variable: names have digits at the ends of their words, passwords and tokens also in between. */
const VARIABLE = /^\$\{?[A-Za-z_]+(?:\d{1,2}_[A-Za-z_]*)*\d{0,2}\}?$/;
const PATH =
  /^[A-Za-z_]+(?:\d{1,2}[A-Za-z_]{2,99})*\d{0,2}(?:\.[A-Za-z_]+(?:\d{1,2}[A-Za-z_]{2,99})*\d{0,2}){2,10}$/;

const SETTINGS =
  /^(?:process|import\.meta|os|env|environ|config|settings?|secrets?|vars?|self|this|ctx|context|req|request|res|args?|argv|options|opts|params|props|data|state|local|Deno|Bun|System)\.[A-Za-z_]/;

/** `postgres://user:password@host`; in other URLs the colon is followed by a port. */
const IN_URL = /:\/\/[^\s:/@"'<>]{0,100}:(?!\d{1,5}[?#,])([^\s/"'<>]{1,200})@/g;

function* inUrls(text: string): Generator<Finding> {
  for (const { index, 0: found, 1: password = '' } of text.matchAll(IN_URL)) {
    if (isPlaceholder(password)) continue;
    const end = index + found.length - 1;
    yield { kind: 'API_KEY', start: end - password.length, end };
  }
}

/** A placeholder of a template. */
const PLACEHOLDER = /^(?:\$?\{{1,2}[\w.:-]{0,100}\}{1,2}|<[\w.-]{1,100}>|\*{1,200}|%s|%\(\w{1,100}\)s)$/;
const isPlaceholder = (value: string) => PLACEHOLDER.test(value) || VARIABLE.test(value);

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

/** Whether it is a token and not a word: it has a digit, or is long and has letters of both cases or marks. */
function isToken(token: string): boolean {
  return /\d/.test(token) || (token.length >= 20 && /[a-z][A-Z]|[A-Z]{2}[a-z]|[+=~]/.test(token));
}

/** Whether it is a name and a password with a colon between them (RFC 7617), without control characters. */
function isNameAndPassword(credentials: string): boolean {
  return /^[^\p{Cc}\ufffd]*:[^\p{Cc}\ufffd]*$/u.test(Buffer.from(credentials, 'base64').toString());
}

/**
 * The same secrets in URL encoding: an escaped character is part of them, although it looks like their end in the view.
 * @param text the original text, not its view
 */
export function* findEscapedSecrets(text: string): Generator<Finding> {
  for (const { index, 0: found, 1: value = '' } of text.matchAll(GIVEN_IN_FORM)) {
    const plain = unescaped(value);
    if (!/\d/.test(plain) || /\s/.test(plain)) continue;
    const end = index + found.length;
    yield { kind: 'API_KEY', start: end - value.length, end };
  }
  for (const finding of inUrls(text)) if (text.slice(finding.start, finding.end).includes('%')) yield finding;
}

const GIVEN_IN_FORM = new RegExp(
  `(?:${NAMES})=((?=[^\\s%&]{0,200}%[2-7][0-9A-Fa-f])[^\\s"'\`,;&<>(){}[\\]\\\\]{8,16384})`,
  'gi',
);

/** Decodes escaped ASCII characters only, as the view does. */
function unescaped(value: string): string {
  return value.replace(/%([2-7][0-9A-Fa-f])/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
