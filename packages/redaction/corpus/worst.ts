import { Dice } from './values.ts';

const dice = new Dice(31);
/** Fills a pattern with digits that do not repeat, so that caching does not help. */
const many = (pattern: string) => dice.fill(pattern.repeat(2_000));

/** The repeated units of the worst known texts for each finder. */
export const UNITS: Record<string, string> = {
  prose: 'The quick brown fox jumps over the lazy dog, and asks what it all may mean. ',
  'one digit, a blank': '1 ',
  digits: '1',
  'pairs after a zero': many('0# '),
  'pairs after a zero and a slash': many('0#/'),
  'pairs after a zero and a bracket': many('(0#'),
  'codes and pairs': many('0## ## '),
  'calls abroad': many('00 ## '),
  'the same calls abroad': '011 ',
  'bracketed pairs': '(00',
  'threes and fours': many('### ### #### '),
  'groups of four': '4111 ',
  'other groups of four': many('4### #### #### #### '),
  'groups of four and dots': '4111.',
  cards: '4111111111111111,',
  'Aadhaars in a row': '2341 2341 2346 ',
  'no Aadhaars in a row': many('2### #### #### '),
  ats: '@',
  'locals without end': 'a@',
  'long locals and domains': `${'a'.repeat(64)}@${'a.'.repeat(100)}`,
  'e-mail addresses': 'a@b.co ',
  quotes: '"@',
  'phone numbers': '98765 43210 ',
  'other phone numbers': many('9#########/'),
  'US phone numbers': '202-555-0123 ',
  'phone numbers that are named': 'call 98765 43210 ',
  'names of numbers': 'call_',
  'names of other numbers': 'order id ',
  plusses: '+1',
  'numbers after plusses': many('+1##########,'),
  'IPv4 addresses': '1.1.1.1 ',
  'IPv6 addresses': '2001:db8::1 ',
  'short IPv6 addresses': '::1 ',
  colons: ':',
  'hardware addresses': 'ab:cd:ef:01:23:45:',
  IBANs: 'GB29NWBK60161331926819 ',
  'begun IBANs': 'DE89 ',
  'IBANs that begin in each other': '-eE89',
  'begun tokens': 'eyJaaaaa.',
  'long begun tokens': `eyJ${'a'.repeat(1_000)}.`,
  'begun keys': 'sk-',
  'keys in keys': 'sk-a1_',
  'keys without an end': '-----BEGIN PRIVATE KEY-----',
  'given names': 'password:',
  'given values': 'token=1',
  'values without a last quote': `password="a'password='b`,
  'long values in quotes': `password="${'a1'.repeat(9_000)}"`,
  'values with escapes': 'password=%41',
  'escapes in values': 'pwd=a.a.a1%41',
  'names with digits': 'password=a1aa',
  'begun URLs': '://a:',
  'begun schemes': 'basic bearer ',
  'disguised digits': '\uff14\u200b1',
  'widths that change': 'a\uff14',
  'URL escapes': '%41',
  backslashes: '\\u0031',
};

/** Endings that may invalidate the findings before them. */
export const TAILS = ['', 'g', '@', '\n', '"', ':', '-'];

/** A unit repeated up to `length` characters, then a tail. */
export function worst(unit: string, length: number, tail = ''): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length) + tail;
}
