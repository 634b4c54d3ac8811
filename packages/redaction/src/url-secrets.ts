import type { Finding } from './finding.ts';

/** Secrets in the queries and paths of URLs: OAuth's codes and tokens, signatures, and links that reset or confirm. */
export function* findUrlSecrets(text: string): Generator<Finding> {
  yield* inQueries(text);
  yield* inPaths(text);
}

/** Parameters that carry secrets: of OAuth and OpenID (RFC 6749, 7636), SAML, CAS, signed URLs, and resets. */
const PARAMETER =
  /[?&#;]((?:[\w.-]{0,40}[_-])?(?:code|state|nonce|token|ticket|sig|signature|verifier|assertion|otp|key|secret|hash|hmac|jwt|sid|session|samlresponse|relaystate|credential|password|pwd|auth|invite|invitation|confirmation|oobcode|resetcode))=([\w.~+/%=-]{6,8192})/gi;
const OF_CODES = /^(?:code|auth_code|authorization_code|oobcode|resetcode|state|nonce)$/i;
const OF_SIGN_IN =
  /callback|oauth|auth|login|sign-?in|redirect|sso|state=|grant_type|reset|verify|confirm|activat|connect/i;
const REACH = 200;

function* inQueries(text: string): Generator<Finding> {
  for (const { index, 0: found, 1: name = '', 2: raw = '' } of text.matchAll(PARAMETER)) {
    const value = raw.replace(/[.=]+$/, (end) => (end.includes('.') ? '' : end));
    const start = index + found.length - raw.length;
    if (!isToken(value, 8) || NOT_SECRET.test(name)) continue;
    if (OF_CODES.test(name) || /(?:code|hash|key)$/i.test(name)) {
      const around =
        text.slice(Math.max(0, index - REACH), index) +
        text.slice(start + raw.length, start + raw.length + 80);
      if (!isToken(value, 16) && !(OF_CODES.test(name) && OF_SIGN_IN.test(around))) continue;
    }
    yield { kind: 'API_KEY', start, end: start + value.length };
  }
}

const NOT_SECRET =
  /(?:country|error|status|promo|coupon|discount|zip|postal|area|lang|language|product|item|sort|page|cursor|public|response|next|challenge)[_-]?\w{0,5}$/i;

/** A path that resets, confirms or invites, then the token; before it there may be a short id of the user. */
const PATH =
  /\/[\w-]{0,40}(?:reset|recover|password|passwd|verify|verification|confirm|activat|invit|magic|unsubscribe|auth|login|signin|sign-in|token|onboard)[\w-]{0,30}\/(?:(?:confirm|edit|change|new|email|link)\/)?(?:[\w=-]{1,24}\/)?([\w.~=:-]{12,2048})/gi;

function* inPaths(text: string): Generator<Finding> {
  for (const { index, 0: found, 1: raw = '' } of text.matchAll(PATH)) {
    const token = raw.replace(/[.:]+$/, '');
    const start = index + found.length - raw.length;
    if (isToken(token, 12) && !/\.[a-z]{2,4}$/i.test(token))
      yield { kind: 'API_KEY', start, end: start + token.length };
  }
}

/** Whether it has both letters and digits, is long enough and is not words with a number. */
function isToken(value: string, fewest: number): boolean {
  if (value.length < fewest || !/\d/.test(value) || !/[A-Za-z]/.test(value))
    return value.length >= 24 && /[a-z]/.test(value) && /[A-Z]/.test(value);
  return !WORDS.test(value);
}

/** Words with dashes and numbers of their own, as in the names of pages: `part-2-of-the-guide`, `WELCOME2026`. */
const WORDS =
  /^(?:(?:[a-z]{1,15}\d{0,2}|[A-Z]{1,15}\d{0,2}|[A-Z][a-z]{1,15}|\d{1,4})[-_.+]){0,12}(?:[a-z]{1,15}|[A-Z]{1,15}|[A-Z][a-z]{1,15})?\d{0,4}$/;
