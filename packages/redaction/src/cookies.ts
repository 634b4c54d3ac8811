import type { Finding } from './finding.ts';

/** The header or option before cookies: `Cookie:`, `"set-cookie": "`, `document.cookie = "`, `--cookie '`. */
const HEADER = /(?:cookies?["']?\s{0,2}[:=]\s{0,2}|--cookie[ =]|curl\b[^\n]{0,80}? -b )\[?["'`]?/gi;
const PAIR = /([\w.!#$%&'*+^|~-]{1,128})=("?)([^\s;,"'`]{0,8192})"?(;\s{0,2})?/y;
const ATTRIBUTE = /^(?:path|domain|expires|max-age|samesite|priority|version|comment)$/i;
/** Words, numbers and languages: settings of a page. */
const SETTING =
  /^(?:[a-z]{1,15}|[\w-]{1,7}|\d{1,8}|true|false|[a-z]{2}[-_][A-Za-z]{2,4}|[a-z]+(?:[-_/][a-z]+)+)$/i;
const OF_SESSION = /sess|sid$|auth|token|jwt|login|remember|csrf|xsrf|secret|\bid$/i;

/** The values of cookies that identify someone or open a session: tokens, and all but the shortest of sessions. */
export function* findCookies(text: string): Generator<Finding> {
  let free = 0;
  for (const { index, 0: header } of text.matchAll(HEADER)) {
    if (index < free) continue;
    free = index + header.length;
    for (let pair = pairAt(text, free); pair; pair = pair[4] ? pairAt(text, free) : null) {
      const [found, name = '', quote = '', value = ''] = pair;
      const start = free + name.length + 1 + quote.length;
      free += found.length;
      if (isSecret(name, value)) yield { kind: 'API_KEY', start, end: start + value.length };
      free = afterFlags(text, free);
    }
  }
}

function pairAt(text: string, at: number): RegExpExecArray | null {
  PAIR.lastIndex = at;
  return PAIR.exec(text);
}

/** Attributes without a value, and dates of expiry, between pairs. */
const FLAGS =
  /(?:(?:HttpOnly|Secure|Partitioned)(?:;\s{0,2}|(?=\W|$))|[A-Z][a-z]{2}, [\w: -]{8,28};?\s{0,2}){1,4}/iy;

function afterFlags(text: string, at: number): number {
  FLAGS.lastIndex = at;
  return at + (FLAGS.exec(text)?.[0].length ?? 0);
}

function isSecret(name: string, value: string): boolean {
  if (ATTRIBUTE.test(name) || value.length < 6 || value.startsWith('eyJ')) return false;
  if (OF_SESSION.test(name)) return /\d/.test(value) || value.length >= 12;
  return !SETTING.test(value) && value.length >= 12 && /\d/.test(value) && /[A-Za-z]/.test(value);
}
