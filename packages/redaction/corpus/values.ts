import { luhn, mod97_10, verhoeff } from 'cdigit';
import { SeededRandom } from '../../../test/support/seeded-random.ts';
import type { RedactionKind } from '../src/finding.ts';

/** The same in every run. */
export class Dice extends SeededRandom {
  /** From 0 to below `sides`. */
  roll(sides: number): number {
    return this.between(0, sides - 1);
  }

  digits(count: number): string {
    return this.of('0123456789', count);
  }

  of(alphabet: string, count: number): string {
    return Array.from({ length: count }, () => alphabet[this.roll(alphabet.length)]).join('');
  }

  /** Each `#` becomes a digit. */
  fill(pattern: string): string {
    return pattern.replace(/#/g, () => this.digits(1));
  }
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const HEX = '0123456789abcdef';
const WORD = `${LETTERS}${LETTERS.toLowerCase()}0123456789`;

/** Made values of each kind, as people and programs write them. */
export const MAKE: Record<RedactionKind, (dice: Dice) => string> = {
  CREDIT_CARD(dice) {
    const [prefix, length] = dice.pick([
      ['4', 16],
      ['4', 16],
      ['4', 13],
      ['51', 16],
      ['55', 16],
      ['2221', 16],
      ['34', 15],
      ['37', 15],
      ['6011', 16],
      ['65', 16],
      ['36', 14],
      ['3056', 14],
      ['3530', 16],
      ['62', 16],
      ['62', 19],
      ['60', 16],
      ['8172', 16],
      ['1354', 15],
    ] as const);
    const digits = luhn.generate(prefix + dice.digits(length - prefix.length - 1));
    return grouped(
      digits,
      length === 15 ? [4, 6, 5] : length === 14 ? [4, 6, 4] : [4, 4, 4, 4, 4],
      dice.pick(['', '', ' ', ' ', '-', '.']),
    );
  },
  AADHAAR(dice) {
    const digits = verhoeff.generate(`${2 + dice.roll(8)}${dice.digits(10)}`);
    return grouped(digits, [4, 4, 4], dice.pick(['', ' ', ' ', '-']));
  },
  PAN(dice) {
    const pan = `${dice.of(LETTERS, 3)}${dice.pick([...'PPPPCHFATBLJG'])}${dice.of(LETTERS, 1)}${1 + dice.roll(9)}${dice.digits(3)}${dice.of(LETTERS, 1)}`;
    return dice.roll(6) === 0 ? pan.toLowerCase() : pan;
  },
  AADHAAR_VID: (dice) =>
    grouped(verhoeff.generate(`9${dice.digits(14)}`), [4, 4, 4, 4], dice.pick(['', ' ', '-'])),
  GSTIN: (dice) =>
    `${dice.pick(['27', '29', '07', '33'])}${dice.of(LETTERS, 3)}${dice.pick([...'PCHF'])}${dice.of(LETTERS, 1)}${1 + dice.roll(9)}${dice.digits(3)}${dice.of(LETTERS, 1)}1Z${dice.of(`${LETTERS}0123456789`, 1)}`,
  UPI_ID: (dice) =>
    dice.fill(
      `${dice.pick(['asha.rao##', 'ravi-##', '98765#####', 'asha', 'q########'])}@${dice.pick(['oksbi', 'okaxis', 'okhdfcbank', 'ybl', 'paytm', 'ibl', 'upi', 'apl'])}`,
    ),
  INDIAN_PASSPORT: (dice) =>
    `${dice.pick([...'JKLMNPRSTUVZ'])}${1 + dice.roll(9)}${dice.digits(5)}${1 + dice.roll(9)}`,
  US_SSN: (dice) => `${100 + dice.roll(500)}-${10 + dice.roll(89)}-${1000 + dice.roll(8999)}`,
  EMAIL: (dice) =>
    dice.fill(
      dice.pick([
        'asha.rao##@example.com',
        'j.smith@mail.example.co.uk',
        'first.last+tag##@example.org',
        "o'neill##@example.ie",
        'user_name-##@sub.domain.example.net',
        'x@y.io',
        'ADMIN##@EXAMPLE.COM',
        'müller##@beispiel.de',
        'info@bücher.example',
        'नमस्ते@उदाहरण.भारत',
        '用户##@例子.公司',
        'hello@xn--bcher-kva.example',
        'a.very.long.name.of.somebody##@department.university.ac.in',
        '"john doe"@example.com',
        'sales@[192.0.2.##]',
        'dev+ci.##@build-##.example.dev',
        'почта##@пример.рф',
        'id##%ext@example.com',
      ]),
    ),
  PHONE: (dice) =>
    dice.fill(
      dice.pick([
        '+91 98### #####',
        '+91-98###-#####',
        '+919#########',
        '09876######'.replace('09876', '098##'),
        '98### #####',
        '9876######',
        '98765-#####',
        '+91 22 2754 ####',
        '022-2754 ####',
        '(022) 2754 ####',
        '080 2345 ####',
        '0091 98### #####',
        '91 98765 #####',
        '(202) 555-01##',
        '202-555-01##',
        '202.555.01##',
        '+1 202 555 01##',
        '+1-415-555-01##',
        '1-800-555-01##',
        '+14155550###'.replace('50###', '501##'),
        '1 (312) 555-01##',
        '020 7946 0###',
        '+44 20 7946 0###',
        '+44 (0)20 7946 0###',
        '07700 900###',
        '07911 12####',
        '+447911 12####',
        '(0161) 496 0###',
        '0044 20 7946 0###',
        '+49 30 9018 ####',
        '+49 151 2345 ####',
        '+33 1 42 68 ## ##',
        '+33 6 12 34 ## ##',
        '+34 612 34 ## ##',
        '+39 06 698 #####',
        '+31 20 624 ####',
        '+61 2 9374 4###',
        '+81 3-1234-####',
        '+86 138 1234 ####',
        '+65 6123 4###',
        '+971 50 123 4###',
        '+353 1 679 ####',
        '+41 44 668 18 ##',
        '+46 8 123 456 ##',
        '+1 202 555 01## ext. ##',
        '020 7946 0### x##',
      ]),
    ),
  API_KEY: (dice) =>
    dice.pick([
      () => `sk-proj-${dice.of(WORD, 48)}`,
      () => `sk-ant-api03-${dice.of(WORD, 40)}`,
      () => `sk-or-v1-${dice.of(HEX, 64)}`,
      () => `sk_live_${dice.of(WORD, 24)}`,
      () => `ghp_${dice.of(WORD, 36)}`,
      () => `github_pat_${dice.of(WORD, 40)}`,
      () => `glpat-${dice.of(WORD, 20)}`,
      () => `AKIA${dice.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}`,
      () => `AIza${dice.of(WORD, 35)}`,
      () => `xoxb-${dice.digits(11)}-${dice.of(WORD, 24)}`,
      () => `hf_${dice.of(WORD, 34)}`,
      () => `SG.${dice.of(WORD, 22)}.${dice.of(WORD, 43)}`,
      () => `npm_${dice.of(WORD, 36)}`,
      () => `gsk_${dice.of(WORD, 40)}`,
      () => `nvapi-${dice.of(`${WORD}-_`, 64)}`,
      () => `tvly-dev-${dice.of(WORD, 32)}`,
      () => `csk-${dice.of(LETTERS.toLowerCase() + HEX, 48)}`,
      () => `glsa_${dice.of(WORD, 32)}_${dice.of(HEX, 8)}`,
      () => `figd_${dice.of(`${WORD}-_`, 40)}`,
      () => `sntrys_eyJ${dice.of(WORD, 60)}=_${dice.of(WORD, 43)}`,
      () => `ATATT3xFfGF0${dice.of(`${WORD}-_`, 170)}=${dice.of('0123456789ABCDEF', 8)}`,
      () => `MTE${dice.of(WORD, 23)}.G${dice.of(WORD, 5)}.${dice.of(`${WORD}-_`, 38)}`,
      () => `discord.com/api/webhooks/11${dice.digits(17)}/${dice.of(`${WORD}-_`, 68)}`,
    ])(),
  JWT: (dice) => `eyJhbGciOiJIUzI1NiJ9.eyJ${dice.of(WORD, 30)}.${dice.of(`${WORD}-_`, 43)}`,
  BEARER_TOKEN: (dice) => `${dice.of(HEX, 20)}${dice.digits(2)}${dice.of(WORD, 12)}`,
  IBAN(dice) {
    const [country, bban] = dice.pick([
      ['DE', '################'.concat('##')],
      ['FR', '#######################'],
      ['ES', '####################'],
      ['GB', 'NWBK##############'],
      ['NL', 'ABNA##########'],
      ['CH', '#################'],
      ['AT', '################'],
    ] as const);
    const account = dice.fill(bban);
    const numeric = [...`${account}${country}`].map((char) => Number.parseInt(char, 36)).join('');
    const check = mod97_10.compute(numeric);
    return grouped(`${country}${check}${account}`, [4, 4, 4, 4, 4, 4, 4, 4], dice.pick(['', ' ']));
  },
  IP_ADDRESS: (dice) =>
    dice.pick([
      () => `10.${dice.roll(256)}.${dice.roll(256)}.${dice.roll(256)}`,
      () => `203.0.113.${dice.roll(256)}`,
      () => `2001:db8::${dice.of(HEX, 3)}:${dice.digits(2)}`,
      () => `2001:db8:85a3:0:0:8a2e:370:7${dice.digits(3)}`,
      () => `fe80::1ff:fe23:4567:${dice.of(HEX, 3)}a`,
    ])(),
  PRIVATE_KEY: (dice) =>
    `-----BEGIN ${dice.pick(['RSA ', 'EC ', '', 'OPENSSH '])}PRIVATE KEY-----\n${dice.of(WORD, 64)}\n${dice.of(WORD, 40)}==\n-----END PRIVATE KEY-----`,
};

function grouped(digits: string, lengths: readonly number[], between: string): string {
  const groups: string[] = [];
  let from = 0;
  for (const length of lengths) {
    groups.push(digits.slice(from, from + length));
    from += length;
  }
  return groups.filter(Boolean).join(between);
}
