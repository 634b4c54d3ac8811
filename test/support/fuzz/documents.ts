import fc, { type Arbitrary } from 'fast-check';

const TOKENS = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ':',
    '$',
    '!',
    '...',
    '@',
    '=',
    '|',
    '&',
    '#',
    '"',
    '"""',
    '\0',
    '\uFEFF',
    '\uD800',
  ],
  ...[
    'query',
    'mutation',
    'subscription',
    'fragment',
    'on',
    'Query',
    'A',
    'viewer',
    'conversations',
    'first',
    'id',
  ],
  ...[
    '1',
    '-1',
    '1e999',
    '"x"',
    '"\\u0000"',
    'null',
    'true',
    '__typename',
    '__schema',
    '__proto__',
    'constructor',
  ],
];

/** Any tokens in any order. */
const soup = fc.array(fc.constantFrom(...TOKENS), { maxLength: 30 }).map((tokens) => tokens.join(' '));

/** What can be nested: what is before the inside, the inside, what is after it. */
const NESTED = [
  ['{ ... on Query ', '{ viewer { id } }', '}'],
  ['{ viewer ', '', '}'],
  ['{ node(id: [', '1', ']) { id } }'],
  ['{ conversations(first: {a: ', '1', '}) { totalCount } }'],
  ['query ($a: [', 'Int', ']) { viewer { id } }'],
  ['{ viewer @include(if: [', 'true', ']) { id } }'],
] as const;
const deep = fc
  .tuple(fc.constantFrom(...NESTED), fc.constantFrom(3, 40, 20_000))
  .map(([[open, inside, close], depth]) => open.repeat(depth) + inside + close.repeat(depth));

/** What can be repeated in one place, the n-th of them. */
const WIDE: ((n: number) => string)[] = [
  (n) => `{ a${n}: viewer { id } }`,
  (n) => `query Q${n} { viewer { id } }`,
  (n) => `fragment F${n} on Query { viewer { id } ...F${n + 1} } { ...F${n} }`,
  (n) => `query ($v${n}: Int = 1) { viewer @skip(if: false) { id } }`,
];
const wide = fc
  .tuple(fc.constantFrom(...WIDE), fc.constantFrom(2, 2_000))
  .map(([one, count]) => Array.from({ length: count }, (_, n) => one(n)).join(' '));

/** Fragments that lead back to each other, in a ring of this size. */
const ring = fc
  .integer({ min: 1, max: 200 })
  .map((size) =>
    Array.from(
      { length: size },
      (_, n) => `fragment F${n} on Query { viewer { id } ...F${(n + 1) % size} }`,
    ).join(' '),
  )
  .map((fragments) => `{ ...F0 } ${fragments}`);

/** Documents that are malformed, nested deeply, wide, or without an end. */
export const hostileDocument: Arbitrary<string> = fc.oneof(soup, deep, wide, ring);
