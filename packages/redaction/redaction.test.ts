import { readFileSync } from 'node:fs';
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, test } from 'vitest';
import { isLinear, leastCpuMs } from '../../test/support/cpu-time.ts';
import { HARD_NEGATIVES } from './corpus/hard-negatives.ts';
import { HARD_POSITIVES } from './corpus/hard-positives.ts';
import { marked } from './corpus/marked.ts';
import { report, withReport } from './corpus/report.ts';
import { precision, recall, score, total } from './corpus/score.ts';
import { Dice, MAKE } from './corpus/values.ts';
import { TAILS, UNITS, worst } from './corpus/worst.ts';
import { createRedact } from './src/redact.ts';

const redact = createRedact({ phoneRegions: ['IN', 'US', 'GB'] });
const redacted = (text: string) => redact(text).text;

describe('the corpus', () => {
  const measured = score(redact);

  test('is large enough to be meaningful', () => {
    expect(measured.positives).toBeGreaterThanOrEqual(300);
    expect(measured.negatives).toBeGreaterThanOrEqual(300);
  });

  test.each([
    ['CREDIT_CARD', 0.99],
    ['AADHAAR', 0.99],
    ['PAN', 0.99],
    ['EMAIL', 0.99],
    ['PHONE', 0.95],
  ])('the recall of %s is at least %d', (kind, least) => {
    const found = measured.kinds.find((each) => each.kind === kind);
    expect(found && recall(found), measured.misses.join('\n')).toBeGreaterThanOrEqual(least);
  });

  test('the precision is at least 0.98', () => {
    expect(precision(total(measured)), measured.misses.join('\n')).toBeGreaterThanOrEqual(0.98);
  });

  test('packages/redaction/README.md has the measured table, which npm run generate writes', () => {
    const document = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
    expect(document).toBe(withReport(document, report(measured)));
  });
});

describe('hard texts', () => {
  test.each(HARD_POSITIVES)('everything is found in %s', (text) => {
    const sample = marked(text, new Dice(3));
    expect(redact(sample.text).findings).toEqual(sample.expected);
  });

  test.each(HARD_NEGATIVES)('nothing is found in %s', (text) => expect(redacted(text)).toBe(text));
});

test.each([
  ['4111 1111 1111 1111', '[CREDIT_CARD]'],
  ['4222222222222', '[CREDIT_CARD]'],
  ['6221 2612 3456 7890 123 is no card', '6221 2612 3456 7890 123 is no card'],
  ['a4111111111111111b', 'a4111111111111111b'],
  ['0.4111111111111111', '0.4111111111111111'],
  ['1234 4111 1111 1111 1111 2027', '1234 4111 1111 1111 1111 2027'],
  ['{"card":"\\n4111-1111-1111-1111"}', '{"card":"\\n[CREDIT_CARD]"}'],
  ['card%3D4111%201111%201111%201111', 'card%3D[CREDIT_CARD]'],
  ['４１１１　１１１１　１１１１　１１１１', '[CREDIT_CARD]'],
  ['4111\u200b1111\u200b1111\u200b1111', '[CREDIT_CARD]'],
])('card: %s', (text, expected) => expect(redacted(text)).toBe(expected));

test.each([
  ['2341 2341 2346', '[AADHAAR]'],
  ['2341 2341 2347', '2341 2341 2347'],
  ['1341 2341 2346', '1341 2341 2346'],
  ['2341 2341 2346 0000', '2341 2341 2346 0000'],
  ['२३४१ २३४१ २३४६', '[AADHAAR]'],
])('Aadhaar: %s', (text, expected) => expect(redacted(text)).toBe(expected));

test.each([
  ['ABCPE1234F', '[PAN]'],
  ['abcpe1234f.', '[PAN].'],
  ['ABCDE1234F', 'ABCDE1234F'],
  ['ABCPE0000F', 'ABCPE0000F'],
  ['XABCPE1234F', 'XABCPE1234F'],
])('PAN: %s', (text, expected) => expect(redacted(text)).toBe(expected));

test.each([
  ["Mail o'neill+news@mail.example.co.uk.", 'Mail [EMAIL].'],
  ['<a.b@c.example>', '<[EMAIL]>'],
  ['请联系asha@example.com谢谢', '请联系[EMAIL]谢谢'],
  ['用户@例子.公司', '[EMAIL]'],
  ['?email=asha%40example.com&x', '?email=[EMAIL]&x'],
  [
    'lodash@4.17.21, git@github.com:a/b, icon@2x.png, a@b.c()',
    'lodash@4.17.21, git@github.com:a/b, icon@2x.png, a@b.c()',
  ],
])('e-mail: %s', (text, expected) => expect(redacted(text)).toBe(expected));

test.each([
  ['call +91 98765 43210', 'call [PHONE]'],
  ['(202) 555-0123 ext. 4', '[PHONE]'],
  ['order 9876543210', 'order 9876543210'],
  ['my phone, for the order: 9876543210', 'my phone, for the order: [PHONE]'],
  ['2147483647', '2147483647'],
  ['INV-2026-434594', 'INV-2026-434594'],
  ['192.168.1.256', '192.168.1.256'],
])('phone: %s', (text, expected) => expect(redacted(text)).toBe(expected));

test.each([
  ['DE89 3704 0044 0532 0130 00 BANK', '[IBAN] BANK'],
  ['GB29NWBK60161331926819', '[IBAN]'],
  ['GB29NWBK60161331926818', 'GB29NWBK60161331926818'],
  ['10.1.2.3, 2001:db8::1', '[IP_ADDRESS], [IP_ADDRESS]'],
  ['v10.1.2.3, Chrome/10.1.2.3, a::b, 10:30:45', 'v10.1.2.3, Chrome/10.1.2.3, a::b, 10:30:45'],
  ['password: "hunter2hunter2"', 'password: "[API_KEY]"'],
  ['Bearer eyJhbGciOi.eyJzdWIiOi.c2ln', 'Bearer [JWT]'],
])('others: %s', (text, expected) => expect(redacted(text)).toBe(expected));

test('of two overlapping findings the more certain one is kept, then the longer one', () => {
  expect(redacted('4111111111111111@example.com')).toBe('[CREDIT_CARD]@example.com');
  expect(redacted('+91 98765 43210')).toBe('[PHONE]');
});

test('redaction is idempotent', () => {
  const once = redacted('asha@example.com, 4111 1111 1111 1111, +91 98765 43210, Bearer abcdef1234567890');
  expect(redacted(once)).toBe(once);
});

test('no text makes it fail, and text outside of findings is unchanged', () => {
  const dice = new Dice(7);
  const alphabet = '0123456789 .-+()@:/%\\unABCPabcde\u200b４۴é例\ud835\udfce"\n=_';
  for (let i = 0; i < 2_000; i++) {
    const text = dice.of(alphabet, dice.roll(80));
    const { text: out, findings } = redact(text);
    let rest = out;
    let at = 0;
    for (const { kind, start, end } of findings) {
      expect(start).toBeGreaterThanOrEqual(at);
      expect(end).toBeGreaterThan(start);
      expect(rest.startsWith(`${text.slice(at, start)}[${kind}]`)).toBe(true);
      rest = rest.slice(start - at + kind.length + 2);
      at = end;
    }
    expect(rest).toBe(text.slice(at));
  }
});

test('keys of every known maker are found', () => {
  const dice = new Dice(17);
  for (let i = 0; i < 500; i++)
    expect(redacted(`my_${MAKE.API_KEY(dice)}, please`)).toBe('my_[API_KEY], please');
});

test('a decimal number is not personal data', () => {
  const dice = new Dice(13);
  for (let i = 0; i < 3_000; i++) {
    const decimal = `${1 + dice.roll(9)}${dice.digits(dice.roll(8))}.${dice.digits(1 + dice.roll(16))}`;
    const text = dice.pick([decimal, `-${decimal}`, `{"x":${decimal}}`, `${decimal} -${decimal}`]);
    expect(redacted(text)).toBe(text);
  }
});

// Each measures some texts several times, which takes seconds beside other suites.
describe('the time is linear in the length of the text', { timeout: 60_000 }, () => {
  const LENGTH = 32_000;

  test.each(Object.entries(UNITS))('for %s, with any ending', (_, unit) => {
    for (const tail of TAILS) {
      const [whole, quarter] = [worst(unit, LENGTH, tail), worst(unit, LENGTH / 4, tail)];
      const isFast = isLinear(
        () => redact(whole),
        () => redact(quarter),
      );
      expect(isFast, JSON.stringify(tail)).toBe(true);
      expect(
        leastCpuMs(() => redact(whole), 500),
        JSON.stringify(tail),
      ).toBeLessThan(500);
    }
  });
});

test.each(['password=', 'sk-', 'Bearer ', 'eyJ'])(
  'millions of characters after %s do not make it fail',
  (begin) => {
    const text = begin + 'a1'.repeat(1_000_000);
    expect(redact(text).findings.every(({ end }) => end <= text.length)).toBe(true);
  },
);

// The library's finder takes seconds for a text that takes milliseconds here, so its plans are read; both must agree.
test('an international number of any country is found if libphonenumber finds it', () => {
  for (const country of getCountries()) {
    const example = getExampleNumber(country, examples);
    if (!example || !parsePhoneNumberFromString(example.number)?.isValid()) continue;
    expect(redacted(`at ${example.formatInternational()}.`), country).toBe('at [PHONE].');
  }
});

test('a national number is found only if it is valid in a configured region', () => {
  const dice = new Dice(11);
  for (let i = 0; i < 3_000; i++) {
    const digits = dice.digits(10);
    const valid = ['IN', 'US', 'GB'].some((region) =>
      parsePhoneNumberFromString(digits, region as 'IN')?.isValid(),
    );
    expect(redacted(`phone ${digits}`) !== `phone ${digits}`, digits).toBe(valid);
  }
});
