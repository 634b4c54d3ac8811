import { isIPv4, isIPv6 } from 'node:net';
import type { Finding } from './finding.ts';

const V4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)/g;
const V6 = /(?<![\w:.])[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(?![\w:])/g;
/** Longest form of an IPv6 address, one that ends in an IPv4 one. */
const LONGEST_V6 = 45;

/** Versions have four parts too: they follow a `v`, a name and a slash, or a pin; numbers of sections follow their sign. */
const VERSION_WORDS = [
  'version',
  'release',
  'build',
  'firmware',
  'section',
  'chapter',
  'clause',
  'ver',
  'ver.',
  ' v',
];
const VERSION_SIGNS = ['==', '~=', '>=', '<=', '^', '\u00a7'];

function isVersion(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 16), start).toLowerCase();
  if (/(?:[a-z]\/|(?<![a-z])v)$/.test(before)) return true;
  const word = before.replace(/[\s"':=]+$/, '');
  return (
    VERSION_WORDS.some((each) => word.endsWith(each)) ||
    VERSION_SIGNS.some((each) => before.trimEnd().endsWith(each))
  );
}

/** IP addresses, of both versions. */
export function* findAddresses(text: string): Generator<Finding> {
  for (const { index: start, 0: address } of text.matchAll(V4)) {
    if (isIPv4(address) && !isVersion(text, start))
      yield { kind: 'IP_ADDRESS', start, end: start + address.length };
  }
  for (const { index: start, 0: matched } of text.matchAll(V6)) {
    if (matched.length > LONGEST_V6 + 1) continue;
    const address = /[^:][.:]$/.test(matched) ? matched.slice(0, -1) : matched;
    if (!isIPv6(address)) continue;
    // `::` and `a::b` are also words of programming languages.
    if (/\d/.test(address)) yield { kind: 'IP_ADDRESS', start, end: start + address.length };
  }
}
