import { createRedact } from '../core/redaction/redact.ts';

/** The time to redact a million characters of the worst that is known for each finder, and twice as many. */
const redact = createRedact({ phoneRegions: ['IN', 'US', 'GB'] });
const LENGTH = Number(process.env.LENGTH ?? 1_000_000);

const WORST: Record<string, string> = {
  prose: 'The quick brown fox jumps over the lazy dog, and asks what it all may mean. ',
  'one digit, a blank': '1 ',
  digits: '1',
  'groups of four': '4111 ',
  cards: '4111111111111111,',
  'Aadhaars in a row': '2341 2341 2346 ',
  ats: '@',
  'locals without end': 'a@',
  'long locals and domains': `${'a'.repeat(64)}@${'a.'.repeat(100)}`,
  'e-mail addresses': 'a@b.co ',
  'phone numbers': '98765 43210 ',
  'US phone numbers': '202-555-0123 ',
  'phone numbers that are named': 'call 98765 43210 ',
  plusses: '+1',
  'IPv4 addresses': '1.1.1.1 ',
  'IPv6 addresses': '::1 ',
  colons: ':',
  IBANs: 'GB29NWBK60161331926819 ',
  'begun IBANs': 'DE89 ',
  'begun tokens': 'eyJaaaaa.',
  'begun keys': 'sk-',
  'keys without an end': '-----BEGIN PRIVATE KEY-----',
  'given names': 'password:',
  'disguised digits': '\uff14\u200b1',
  'URL escapes': '%41',
  quotes: '"@',
};

const row = (...cells: string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
row(`text`, `${LENGTH} characters, ms`, `${LENGTH * 2} characters, ms`, 'ratio');
row('---', '---', '---', '---');
for (const [name, unit] of Object.entries(WORST)) {
  const [once, twice] = [LENGTH, LENGTH * 2].map((length) =>
    fastest(unit.repeat(Math.ceil(length / unit.length))),
  );
  row(name, ...[once, twice].map((ms = 0) => ms.toFixed(0)), ((twice ?? 0) / (once ?? 1)).toFixed(1));
}

/** Of three, in milliseconds: what else the machine does only adds to it. */
function fastest(text: string): number {
  const times = Array.from({ length: 3 }, () => {
    const begun = performance.now();
    redact(text);
    return performance.now() - begun;
  });
  return Math.min(...times);
}
