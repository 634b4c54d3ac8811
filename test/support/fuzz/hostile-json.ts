import { randomUUID } from 'node:crypto';
import fc, { type Arbitrary } from 'fast-check';

/** How deep what is nested is: deeper than a call stack. */
const DEEP = 10_000;

/** Texts that break what they are pasted into: a query, a path, a header, a log line, an object, a date. */
const TEXTS = [
  ...['', ' ', '\0', 'one\0two', '\uD800', 'half \uDC00 of it', '\uFEFF', '\u202Eevil', '\u2028', '😀'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'length'],
  ...["' OR 1=1 --", '%00', '%', '%E0%A4%A', '../../etc/passwd', '\r\nset-cookie: a=b', '{{1}}'],
  ...['1e999', '-0', 'NaN', '9007199254740993', 'null', 'undefined', '[object Object]', '*', ':', '_'],
  ...['0000-00-00T00:00:00Z', '0000-01-01T00:00:00Z', '2026-02-30T00:00:00Z', '9999-12-31T23:59:59.999Z'],
  ...[
    '-000001-01-01T00:00:00Z',
    '+275760-09-13T00:00:00.001Z',
    '2026-01-01T24:00:00Z',
    '1970-01-01T00:00:00Z',
  ],
  ...['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', randomUUID()],
  ...['a'.repeat(70_000), '\0'.repeat(200), '😀'.repeat(33_000), 'é́'.repeat(5_000)],
];

/** A cursor of a list, as it is encoded, around any text. */
const cursor = fc
  .tuple(fc.constantFrom('1', '-1', '0', '1e999', '9007199254740993', '', 'x', '8640000000000001'), fc.uuid())
  .map(([key, id]) => Buffer.from(`${key} ${id}`).toString('base64'));

export const hostileText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  cursor,
  fc.tuple(fc.constantFrom('Conversation', 'Message', '__proto__', ''), fc.uuid()).map((id) => id.join('_')),
);

const NUMBERS = [
  '0',
  '-0',
  '-1',
  '1.5',
  '101',
  '2147483647',
  '2147483648',
  '-2147483649',
  '1e999',
  '-1e999',
  '9007199254740993',
];

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'toJSON',
  'then',
  '',
  '\0',
  '\uD800',
  'input',
  'id',
];

const key = fc.oneof(fc.constantFrom(...KEYS), hostileText).map((name) => JSON.stringify(name));
const simple = fc.oneof(
  hostileText.map((text) => JSON.stringify(text)),
  fc.constantFrom(...NUMBERS, 'true', 'false', 'null'),
);
const nested = fc
  .tuple(
    fc.constantFrom(['[', ']'], ['{"a":', '}'], ['{"__proto__":', '}']),
    fc.constantFrom(3, DEEP),
    simple,
  )
  .map(([[open = '', close = ''], depth, inner]) => `${open.repeat(depth)}${inner}${close.repeat(depth)}`);
const wide = fc
  .tuple(fc.constantFrom(2, 5_000), simple)
  .map(([count, one]) => Array<string>(count).fill(one.length > 100 ? '0' : one));

/** Any value as a text of JSON, also one that `JSON.stringify` does not write, such as 1e999 or a key `__proto__`. */
export const hostileJson: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: simple },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: wide.map((all) => `[${all.join()}]`) },
  { weight: 1, arbitrary: wide.map((all) => objectOf(all.map((one, n) => [`"${n}"`, one]))) },
  { weight: 1, arbitrary: fc.array(fc.tuple(key, simple), { maxLength: 4 }).map(objectOf) },
);

/** An object with some of these fields, and sometimes others, or another value. `fields`: texts of JSON. */
export function hostileObject(fields: Record<string, Arbitrary<string>>): Arbitrary<string> {
  const known = fc
    .record(fields, { requiredKeys: [] })
    .map((record) =>
      Object.entries(record).map(([name, value = 'null']): Field => [JSON.stringify(name), value]),
    );
  const more = fc.oneof(
    { weight: 4, arbitrary: fc.constant<Field[]>([]) },
    { weight: 1, arbitrary: fc.array(fc.tuple(key, hostileJson), { maxLength: 2 }) },
  );
  const object = fc.tuple(known, more).map((all) => objectOf(all.flat()));
  return fc.oneof({ weight: 8, arbitrary: object }, { weight: 1, arbitrary: hostileJson });
}

type Field = [key: string, value: string];

export function objectOf(fields: readonly Field[]): string {
  return `{${fields.map((field) => field.join(':')).join()}}`;
}
