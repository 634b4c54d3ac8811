import { luhn, verhoeff } from 'cdigit';
import { REDACTION_KINDS, type RedactionKind } from '../src/finding.ts';
import { HARD_NEGATIVES } from './hard-negatives.ts';
import { HARD_POSITIVES } from './hard-positives.ts';
import { withNumbers } from './harmless.ts';
import { MISSED, MISTAKEN } from './known-faults.ts';
import { LANGUAGES } from './languages/languages.ts';
import { marked } from './marked.ts';
import { Dice, MAKE } from './values.ts';

/** A text and what is to be found in it, as offsets. */
export interface Sample {
  readonly text: string;
  readonly expected: readonly { kind: RedactionKind; start: number; end: number }[];
}

/** How many samples of a kind: more of those that the platform promises a figure for. */
const HOW_MANY: Record<RedactionKind, number> = {
  CREDIT_CARD: 120,
  AADHAAR: 100,
  PAN: 90,
  EMAIL: 120,
  PHONE: 160,
  API_KEY: 60,
  JWT: 25,
  BEARER_TOKEN: 25,
  IBAN: 50,
  IP_ADDRESS: 50,
  PRIVATE_KEY: 10,
  AADHAAR_VID: 30,
  GSTIN: 30,
  UPI_ID: 30,
  INDIAN_PASSPORT: 30,
  US_SSN: 30,
};

export interface Corpus {
  /** Texts that hold personal data or secrets. */
  readonly positives: readonly Sample[];
  /** Texts in which nothing is anybody's. */
  readonly negatives: readonly string[];
}

/** What the finders' makers thought of: made anew from the same seed in every run. */
export function madeCorpus(): Corpus {
  return { positives: positives(), negatives: negatives() };
}

/** What the finders' makers thought of in ten languages, with words for and against each kind. */
export function languageCorpus(): Corpus {
  const dice = new Dice(2_026);
  const texts = Object.values(LANGUAGES);
  // Three draws of each: a number that happens to fail a check shows nothing.
  const thrice = <Each>(each: Each) => [each, each, each];
  return {
    positives: texts.flatMap(({ positives }) => positives.flatMap(thrice)).map((text) => marked(text, dice)),
    negatives: texts
      .flatMap(({ negatives }) => negatives.flatMap(thrice))
      .map((text) => withNumbers(text, dice)),
  };
}

/** What others thought of, to break them; among it what is known to be told wrongly. */
export function hardCorpus(): Corpus {
  const dice = new Dice(1_947);
  const texts = [...HARD_POSITIVES, ...MISSED];
  return {
    positives: texts.map((text) => marked(text, dice)),
    negatives: [...HARD_NEGATIVES, ...MISTAKEN],
  };
}

function positives(): Sample[] {
  const dice = new Dice(20_261_122);
  return REDACTION_KINDS.flatMap((kind) =>
    Array.from({ length: HOW_MANY[kind] }, (_, index) => {
      const frames = [...FRAMES[kind], ...(NAMED.includes(kind) ? [] : ANYWHERE)];
      const frame = frames[index % frames.length] as string;
      const disguises = DISGUISES.filter(({ fits }) => fits(kind, frame));
      const disguise =
        index % 4 === 3 && disguises.length > 0 ? dice.pick(disguises).as : (value: string) => value;
      return sample(frame, kind, disguise(MAKE[kind](dice), dice));
    }),
  );
}

function sample(frame: string, kind: RedactionKind, value: string): Sample {
  const start = frame.indexOf('{}');
  const text = frame.replace('{}', () => value);
  return { text, expected: [{ kind, start, end: start + value.length }] };
}

/** Prose, JSON, code, tables, URLs and other scripts. */
const ANYWHERE = [
  'Please note: {}.',
  '{}',
  'It says "{}" on the form, is that right?',
  '- first\n- {}\n- third',
  '{"value":"{}","active":true}',
  'const value = "{}"; // do not log',
  'name,value\nAsha,{},yes',
  'Hi,\n\n{}\n\nThanks!',
  '<td>{}</td>',
  'कृपया देखें: {} धन्यवाद',
  'Bitte prüfen Sie {} noch heute.',
  '| Asha | {} | active |',
  '("{}")',
  '**{}** is what I was given',
];

const FRAMES: Record<RedactionKind, readonly string[]> = {
  CREDIT_CARD: [
    'Charge my card {} please, it expires 12/28.',
    'https://pay.example.com/charge?card={}&amount=500',
    'card_number={}',
    'My Visa is {}, CVV 123.',
    'Card: {} 2028',
    'Ref 12: {} was declined',
    '\\n{}\\n',
    'card_{}',
    'Asha\t{}\t11/29',
    'कार्ड{}है',
  ],
  AADHAAR: [
    'My Aadhaar is {}.',
    'aadhaar={}',
    'UID {} (DOB 12/05/1990)',
    'आधार संख्या {} है',
    'Aadhaar no. {}, PAN to follow',
    'https://kyc.example.in/verify?uid={}',
    '{} 560001',
    'aadhaar_{}',
    'Asha,{},1990',
  ],
  PAN: [
    'My PAN is {}.',
    'PAN:{}',
    'pan={}&name=asha',
    'PAN ({}) and TAN differ',
    'Quote {} in the return, please',
    'pan_{}',
    'पैन{}है',
  ],
  EMAIL: [
    'Write to {} today.',
    'mailto:{}',
    'From: Asha <{}>',
    'Cc: {}; bob',
    'https://example.com/u?email={}&x=1',
    'user:{},',
    'see ({}) for that',
    'it is {}!',
    'ask {}(work)',
  ],
  PHONE: [
    'Call me on {}.',
    'Phone: {}',
    'WhatsApp {} any time',
    'tel:{}',
    'Reach us at {} or by mail',
    '{} is my mobile number',
    'Mob. {}, office closed',
    '☎ {}',
    '"phone": "{}"',
    'contact={}',
    'Text {} to stop',
    'ring {} after six',
    'Asha,{},560001',
    '[({}),1]',
    'mobile: {}, order 44',
    'फोन: {} पर',
  ],
  API_KEY: [
    'export OPENAI_API_KEY={}',
    'my key is {} please help',
    'Authorization: Bearer {}',
    'https://api.example.com/v1?key={}',
    '"apiKey": "{}"',
    'key_{}',
  ],
  JWT: ['token={}', 'Cookie: session={}; Path=/', 'the id token {} expired'],
  BEARER_TOKEN: [
    'Authorization: Bearer {}',
    'curl -H "authorization: bearer {}" https://example.com',
    "headers: { Authorization: 'Bearer {}' }",
  ],
  IBAN: ['IBAN: {}', 'Überweisen Sie an {} bitte', 'to account {}, thanks', 'iban={}'],
  IP_ADDRESS: [
    'from {} port 22',
    'ping {}',
    'client={} status=200',
    'http://[::ffff] or {}',
    'host {} is down',
    'server {}',
    'failover: {}',
    'ip:{}',
  ],
  PRIVATE_KEY: ['key:\n{}', 'use this {} for ssh'],
  AADHAAR_VID: ['VID: {}', 'Aadhaar virtual id {}', 'my virtual ID is {}, ok', '"vid": "{}"', 'vid={}'],
  GSTIN: ['GSTIN: {}', '"gstin":"{}"', 'GST no. {} on the bill', 'Tax invoice of {}'],
  UPI_ID: ['pay {} today', 'UPI: {}', 'pa={}&am=500', '"vpa":"{}"'],
  INDIAN_PASSPORT: ['Passport {}', 'passport no. {}', '"passport": "{}"', 'passport_number={}'],
  US_SSN: ['SSN: {}', 'social security number {}', '"ssn":"{}"', 'my SSN is {}, ok'],
};

/** Kinds that are only identified by a name in the text. */
const NAMED: readonly RedactionKind[] = ['BEARER_TOKEN', 'AADHAAR_VID', 'INDIAN_PASSPORT'];

interface Disguise {
  fits: (kind: RedactionKind, frame: string) => boolean;
  as: (value: string, dice: Dice) => string;
}

const NUMBERS: readonly RedactionKind[] = ['CREDIT_CARD', 'AADHAAR', 'PHONE'];
const DISGUISES: readonly Disguise[] = [
  // Full-width digits, as an East Asian keyboard gives them.
  {
    fits: (kind) => NUMBERS.includes(kind) || kind === 'PAN',
    as: (value) => value.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
  },
  // Devanagari digits.
  {
    fits: (kind) => NUMBERS.includes(kind),
    as: (value) => value.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x30 + 0x966)),
  },
  // A zero-width space, or a joiner, within.
  {
    fits: (kind) => kind !== 'PRIVATE_KEY',
    as(value, dice) {
      const at = 1 + dice.roll(value.length - 2);
      return (
        value.slice(0, at) + dice.pick(['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad']) + value.slice(at)
      );
    },
  },
  // Blanks and dashes that are not the keyboard's.
  {
    fits: (kind) => NUMBERS.includes(kind) || kind === 'IBAN',
    as: (value, dice) =>
      value.replaceAll(' ', dice.pick(['\u00a0', '\u2009', '\u202f'])).replaceAll('-', '\u2011'),
  },
  // As a URL's query has it.
  {
    fits: (kind, frame) => (NUMBERS.includes(kind) || kind === 'EMAIL') && frame.includes('='),
    as: (value) => encodeURIComponent(value),
  },
];

function negatives(): string[] {
  const dice = new Dice(4_711);
  const made = Array.from({ length: 480 }, (_, index) =>
    (MADE[index % MADE.length] as (dice: Dice) => string)(dice),
  );
  return [...WRITTEN, ...made];
}

/** A number whose check digit is wrong. */
function failing(generate: (digits: string) => string, digits: string): string {
  const right = generate(digits);
  return right.slice(0, -1) + ((Number(right.at(-1)) + 1 + (Number(right[2]) % 8)) % 10);
}

const MADE: readonly ((dice: Dice) => string)[] = [
  (dice) =>
    `Order ${dice.pick(['#', 'no. ', 'number ', ''])}${1 + dice.roll(9)}${dice.digits(9)} has shipped.`,
  (dice) => `Your order ${dice.digits(3)}-${dice.digits(7)}-${dice.digits(7)} arrives on Monday.`,
  (dice) => `INV-2026-${dice.digits(6)} is overdue`,
  (dice) => `tracking ${dice.of('0123456789', 22)}`,
  (dice) =>
    `created_at: 2026-${dice.pick(['01', '07', '11'])}-${10 + dice.roll(18)}T${10 + dice.roll(13)}:${10 + dice.roll(49)}:${10 + dice.roll(49)}.${dice.digits(3)}Z`,
  (dice) =>
    `on ${10 + dice.roll(18)}/0${1 + dice.roll(9)}/2026 at ${10 + dice.roll(13)}:${10 + dice.roll(49)}`,
  (dice) =>
    `{"id":"${dice.of(HEX, 8)}-${dice.of(HEX, 4)}-4${dice.of(HEX, 3)}-a${dice.of(HEX, 3)}-${dice.of(HEX, 12)}"}`,
  (dice) => `id ${dice.digits(8)}-${dice.digits(4)}-4${dice.digits(3)}-8${dice.digits(3)}-${dice.digits(12)}`,
  (dice) => `commit ${dice.of(HEX, 40)}`,
  (dice) => `sha256:${dice.of(HEX, 64)}`,
  (dice) => `md5 ${dice.of(HEX, 32)} ok`,
  (dice) =>
    `costs ₹${dice.digits(2)},${dice.digits(3)}.00 or $${1 + dice.roll(9)},${dice.digits(3)}.${dice.digits(2)}`,
  (dice) => `version ${dice.roll(20)}.${dice.roll(40)}.${dice.roll(200)}.${dice.roll(250)} is out`,
  (dice) => `v${dice.roll(9)}.${dice.roll(9)}.${dice.roll(9)}.${dice.roll(9)}-rc.${dice.roll(9)}`,
  (dice) => `Chrome/${100 + dice.roll(50)}.0.${dice.roll(250)}.${dice.roll(250)} Safari/537.36`,
  (dice) => `account ref ${failing((digits) => luhn.generate(digits), `4${dice.digits(14)}`)} is not a card`,
  (dice) =>
    `serial ${failing((digits) => luhn.generate(digits), `52${dice.digits(13)}`).replace(/(.{4})(?=.)/g, '$1 ')}`,
  (dice) =>
    `batch ${failing((digits) => verhoeff.generate(digits), `${2 + dice.roll(8)}${dice.digits(10)}`)}`,
  (dice) =>
    `case ${failing((digits) => verhoeff.generate(digits), `${2 + dice.roll(8)}${dice.digits(10)}`).replace(/(.{4})(?=.)/g, '$1 ')}`,
  (dice) => `timestamp ${1_700_000_000 + dice.roll(99_999_999)}`,
  (dice) => `ts=${1_700_000_000 + dice.roll(99_999_999)}${dice.digits(3)}`,
  (dice) => `lat ${dice.roll(90)}.${dice.digits(12)}, lon ${dice.roll(180)}.${dice.digits(12)}`,
  (dice) => `ISBN 978-${dice.roll(10)}-${dice.digits(2)}-${dice.digits(6)}-${dice.roll(10)}`,
  (dice) =>
    `${dice.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 3)}${dice.pick([...'DIMNOQRSUVWXYZ'])}${dice.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1)}${dice.digits(4)}Z is a part`,
  (dice) =>
    `x${dice.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 3)}P${dice.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1)}${dice.digits(4)}KL0`,
  (dice) => `0.${dice.digits(16)}`,
  (dice) =>
    `rows: ${dice.digits(2)} ${dice.digits(2)} ${dice.digits(2)} ${dice.digits(2)} ${dice.digits(2)} ${dice.digits(2)}`,
  (dice) => `years 19${dice.digits(2)} 20${dice.digits(2)} 20${dice.digits(2)}`,
  (dice) =>
    `mac ${dice.of(HEX, 2)}:${dice.of(HEX, 2)}:${dice.of(HEX, 2)}:${dice.of(HEX, 2)}:${dice.of(HEX, 2)}:${dice.of(HEX, 2)}`,
  (dice) => `buf[${dice.digits(3)}] = 0x${dice.of(HEX, 16)};`,
  (dice) => `pid ${dice.digits(5)} used ${dice.digits(10)} bytes`,
  (dice) => `DE${dice.digits(2)} ${dice.of(LOWER, 4)} is a road`,
  (dice) => `${1 + dice.roll(9)}.${dice.digits(15)}`,
  (dice) => `${dice.digits(3 + dice.roll(5))}.${dice.digits(2 + dice.roll(6))} is the mean`,
  (dice) => `[${12 + dice.roll(60)}.${dice.digits(7)}, -${100 + dice.roll(79)}.${dice.digits(7)}]`,
  (dice) => `${60 + dice.roll(9)}000-${80 + dice.roll(9)}000 a year`,
  (dice) => `9${dice.digits(9)} ${dice.pick(['ns', 'bytes', 'rows', 'USD', 'requests'])}`,
  (dice) => `${dice.pick(['INR', 'Rs.', 'Content-Length:', 'PO number', 'call_id:'])} 9${dice.digits(9)}`,
  (dice) => `{"lastContactAt":${1_700_000_000 + dice.roll(99_999_999)}}`,
  (dice) => `x[${dice.roll(9)}::${1 + dice.roll(9)}], y[::${1 + dice.roll(9)}]`,
  (dice) => `q**${1 + dice.roll(9)} - ${1 + dice.roll(9)}${dice.digits(8)}*r`,
  (dice) =>
    `lib-${dice.roll(9)}.${dice.roll(90)}.${dice.roll(90)}.${dice.roll(90)}.${dice.pick(['tgz', 'whl', 'jar'])}`,
];

const HEX = '0123456789abcdef';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';

const WRITTEN: readonly string[] = [
  'I would like to know how photosynthesis works.',
  'Can you explain recursion with an example?',
  'for (let i = 0; i < 1000000; i++) sum += i;',
  'std::vector<int> v; std::map<std::string, int> m;',
  'INT_MAX is 2147483647 and UINT_MAX is 4294967295.',
  'pi is 3.14159265358979323846',
  'The population was 1428627663 in 2023.',
  'npm install lodash@4.17.21 react@18.2.0',
  'git clone git@github.com:acme/tool.git',
  'background: url(icon@2x.png)',
  'actions/checkout@v4.1.7',
  '@app.route("/users")',
  '@override def f(self): pass',
  'a@b',
  'user@localhost',
  'twitter @someone said',
  'e = mc^2',
  'SELECT * FROM t WHERE id = 42 LIMIT 100;',
  '#FF5733 and #00aa88',
  'rgb(255, 128, 64)',
  '192.168.1.256 is not valid',
  '1.2.3 and 1.2.3.4.5',
  'Section 4.1.2.3 of the paper',
  '10:30:45',
  '12:34',
  'GET /v1/items/12345/reviews?page=2',
  'Bearer of good news',
  'bearer tokens are sent in headers',
  'the password: hunter is weak',
  'password: required',
  'ask-me-anything-about-it',
  'task-0123456789-abcdef',
  'disk-usage-statistics-of-server',
  'He ran 100 m in 9.58 s',
  'score 21-19, 19-21, 21-15',
  '2026-11-22',
  '2026-11-22 10:30',
  '20261122T103000Z',
  'ORD-4111-22',
  '+1 for that idea',
  '+100 points',
  '50% off',
  '€ 1.234.567,89',
  'USD 12,345,678.90',
  '1/2 cup + 3/4 cup',
  '2^31 - 1',
  '12345',
  '1234567',
  '123-45',
  '007',
  '911',
  'Room 4111',
  'Flight AI 302 at gate 12',
  'W3C, IEEE 802.11, RFC 5321, ISO 8601',
  'x86_64-unknown-linux-gnu',
  'arn:aws:s3:::my-bucket/key',
  'k8s.io/api/core/v1',
  'ABCDE1234',
  'abcde12345f',
  'HELLO1234WORLD',
  'The PAN card has ten characters.',
  'Aadhaar has twelve digits.',
  'A card number has 13 to 19 digits.',
  '0000 0000 0000 0000',
  '1111 2222 3333',
  '1234 5678 9012',
  '0123 4567 8901',
  'eyJ is how they begin',
  'an IBAN begins with two letters',
  'FR is France, DE is Germany',
  'DE00 0000 0000 0000 0000 00',
  'C++ and F# and a::b',
  'fe:male',
  '::',
  'a: b: c:',
  'localhost:4000/graphql',
  'port 5432 and port 6379',
  'μ = 4.5 ± 0.3',
  '日本語のテキスト 12345',
  'यह एक वाक्य है',
  'Das kostet 1.000.000 Euro.',
  'model gpt-4o-2024-08-06 answered',
  'claude-3-5-sonnet-20241022',
  'node:20.20-bookworm-slim',
  'postgres:15.4',
  'sha1-2fd4e1c6',
  '8.5 x 11 in',
  '1,2,3,4,5,6,7,8,9,10',
  '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]',
  '1 2 3 4 5 6 7 8 9 10 11 12 13',
  'Q1 2025 Q2 2025 Q3 2025 Q4 2025',
  '3 x 4 = 12',
  'seed 1234567890',
  'const MAX = 9007199254740991;',
  'http_requests_total 1027 1395066363000',
];
