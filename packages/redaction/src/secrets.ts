import { findCookies } from './cookies.ts';
import type { Finding } from './finding.ts';
import { findGivenSecrets } from './given-secrets.ts';
import { DASHED_KEY, isMixed, KEYS } from './key-marks.ts';
import { findNamedSecrets } from './named-secrets.ts';
import { findPrivateKeys } from './private-keys.ts';
import { findUrlSecrets } from './url-secrets.ts';

/** Keys and tokens of known kinds, and values that are assigned to names of secrets. */
export function* findSecrets(text: string): Generator<Finding> {
  for (const mark of KEYS)
    for (const { index: start, 0: key } of text.matchAll(mark))
      yield { kind: 'API_KEY', start, end: start + key.length };
  for (const { index: start, 0: key } of text.matchAll(DASHED_KEY))
    if (isMixed(key)) yield { kind: 'API_KEY', start, end: start + key.length };
  for (const { index: start, 0: token } of text.matchAll(JWT))
    yield { kind: 'JWT', start, end: start + token.length };
  yield* findGivenSecrets(text);
  yield* findNamedSecrets(text);
  yield* findCookies(text);
  yield* findUrlSecrets(text);
  yield* findPrivateKeys(text);
}

/** Signed tokens in their three parts (RFC 7515), and encrypted ones in their five (RFC 7516). */
const JWT =
  /(?<![\w-])eyJ[\w-]{5,16384}\.(?:eyJ[\w-]{5,16384}\.[\w-]{0,16384}|[\w-]{0,16384}\.[\w-]{5,16384}\.[\w-]{5,16384}\.[\w-]{5,16384})/g;
