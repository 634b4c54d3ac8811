import { expect, test } from 'vitest';
import { protocolFaults } from './protocol-faults.mjs';

/** A page of rules: each with an id, its text, and the tests that it names. */
function page(...rules: [id: string, text: string, tests: Record<string, string>][]): string {
  const items = rules.map(([id, text, tests]) => {
    const lines = Object.entries(tests).map(
      ([file, title]) => `  Test: [\`${file}\`](../${file}): "${title}"`,
    );
    return [`- **${id}** ${text}`, ...lines].join('\n');
  });
  return ['# The protocol', '', '## Events', '', ...items, '', 'The end.'].join('\n');
}

const HELD = page(
  ['P-01', 'Events MUST come in order.', { 'test/a.test.ts': 'events come in order' }],
  ['P-02', 'A turn MUST end\n  once.', { 'core/b.ts': "of 'two' ends one counts" }],
);
const A = "test('[P-01] events come in order', () => {});";
const B = "test.each([1, 2])(\n  '[P-02] of \\'two\\' ends one counts', () => {});";
const tests = (a: string, b = B) =>
  new Map([
    ['test/a.test.ts', a],
    ['core/b.ts', b],
  ]);

test('a page whose rules and tests name each other has no fault', () => {
  expect(protocolFaults(HELD, tests(A))).toEqual([]);
});

test('a test can belong to two rules, and a rule can have two tests', () => {
  const both = page(
    ['P-01', 'One MUST.', { 'test/a.test.ts': 'both' }],
    ['P-02', 'Two MUST.', { 'test/a.test.ts': 'both', 'core/b.ts': 'more' }],
  );
  const sources = tests("test('[P-01] [P-02] both', f);", "describe('[P-02] more', f);");
  expect(protocolFaults(both, sources)).toEqual([]);
});

test.each([
  [
    'an id without a test with its mark',
    HELD,
    tests("test('events come in order', f);"),
    'docs/protocol.md: P-01 names "[P-01] events come in order", which test/a.test.ts does not have',
  ],
  [
    'an id that names no test',
    `${HELD}\n- **P-03** It MUST be so.`,
    tests(A),
    'docs/protocol.md: P-03 names no test',
  ],
  ['an id without a rule', HELD.replace('MUST come', 'come'), tests(A), 'docs/protocol.md: P-01 has no MUST'],
  [
    'a file that does not exist',
    HELD,
    new Map([['test/a.test.ts', A]]),
    'docs/protocol.md: P-02 names core/b.ts, which is not a test of the project',
  ],
  [
    'an id that is used twice',
    `${HELD}\n${page(['P-01', 'Again it MUST.', { 'test/a.test.ts': 'events come in order' }])}`,
    tests(A),
    'docs/protocol.md: P-01 is used twice',
  ],
  [
    'a mark that the page does not have',
    HELD,
    tests(`${A}\ntest('[P-99] more', f);`),
    'test/a.test.ts: "more" has the mark P-99, which docs/protocol.md does not have',
  ],
  [
    'a marked test that the page does not name',
    HELD,
    tests(`${A}\ntest("[P-01] more", f);`),
    'test/a.test.ts: "more" has the mark P-01, but docs/protocol.md does not name it there',
  ],
  [
    'a test that is skipped',
    HELD,
    tests(A.replace('test(', 'test.skip(')),
    'test/a.test.ts: "events come in order" has the mark P-01 and is skipped',
  ],
])('%s is one fault, in one line', (_what, text, sources, fault) => {
  expect(protocolFaults(text, sources)).toEqual([fault]);
});

test('a title that differs from the page is a fault of both', () => {
  expect(protocolFaults(HELD, tests(A.replace('events', 'they')))).toEqual([
    'docs/protocol.md: P-01 names "[P-01] events come in order", which test/a.test.ts does not have',
    'test/a.test.ts: "they come in order" has the mark P-01, but docs/protocol.md does not name it there',
  ]);
});
