import { isIPv4, isIPv6 } from 'node:net';
import type { Finding } from './finding.ts';
import { isVersion } from './versions.ts';

/** IPv4 and IPv6 addresses. */
export function* findAddresses(text: string): Generator<Finding> {
  yield* findV4(text);
  yield* findV6(text);
}

const V4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)/g;

function* findV4(text: string): Generator<Finding> {
  for (const { index: start, 0: address } of text.matchAll(V4)) {
    const end = start + address.length;
    if (isIPv4(address) && !isVersion(text, start, end)) yield { kind: 'IP_ADDRESS', start, end };
  }
}

/** The longest form of an IPv6 address, one that ends in an IPv4 address. */
const LONGEST_V6 = 45;

/** Searches from each colon in both directions. A run longer than any address is skipped. */
function* findV6(text: string): Generator<Finding> {
  let free = 0;
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', free)) {
    let start = at;
    while (start > free && isOfV6(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (isOfV6(text.charCodeAt(end))) end++;
    free = end;
    if (isWord(text[end])) continue;
    start += glued(text, start, at);
    if (isWord(text[start - 1])) continue;
    if (/[^:][.:]$/.test(text.slice(Math.max(start, end - 2), end))) end--;
    if (end - start <= LONGEST_V6 && isV6(text.slice(start, end))) yield { kind: 'IP_ADDRESS', start, end };
  }
}

/** The length of a name at its beginning, as in `ip:2001:db8::1`: everything up to and with the colon. */
function glued(text: string, start: number, colon: number): number {
  return isWord(text[start - 1]) && text[colon + 1] !== ':' ? colon + 1 - start : 0;
}

/** Whether the code is a hexadecimal digit, a colon or a dot. */
function isOfV6(code: number): boolean {
  const lower = code | 0x20;
  return (code >= 0x30 && code <= 0x3a) || (lower >= 0x61 && lower <= 0x66) || code === 0x2e;
}

const isWord = (char = '') => /\w/.test(char);

/**
 * Whether it is an address, and not a slice or scope of a programming language, a hardware address or a list. With `::` it
 * must begin like addresses in use (IANA's IPv6 address space: 2000::/3, fc00::/7, fe80::/10, ff00::/8) and have three
 * groups or a letter, or end in `::` after two, or it must end in an IPv4 address. `::1` is every machine itself.
 */
function isV6(address: string): boolean {
  if (!isIPv6(address)) return false;
  if (address.includes('.')) return true;
  const groups = address.split(':').filter(Boolean);
  if (!address.includes('::')) return groups.some(({ length }) => length > 2);
  if (!IN_USE.test(address)) return false;
  return groups.length > 2 || /^\d*[a-f]/i.test(address) || (address.endsWith('::') && SUBNET.test(address));
}

/** A prefix of two groups, as in `2001:db8::/32`. */
const SUBNET = /^[0-9a-f]{4}:[0-9a-f]{3,4}::$/i;
const IN_USE = /^(?:[23][0-9a-f]{3}|f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]|ff[0-9a-f]{2}):/i;
