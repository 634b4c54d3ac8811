import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Properties and values that name a side of the screen; a page that runs from right to left needs `inline-start` and the like. */
const PHYSICAL = [
  /(?:^|[\s;{])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)(?:-[a-z]+)?\s*:/,
  /border-(?:top|bottom)-(?:left|right)-radius/,
  /(?:text-align|float|clear)\s*:\s*(?:left|right)/,
];

/** Shorthands with a value for each side, whose right and left differ. */
const FOUR_SIDES = /(?:^|[\s;{])(margin|padding|inset|border-radius|border-width)\s*:\s*([^;{}]+);/;

const styles = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.css'),
);

/** The lines of a style sheet that name a side. */
function physicalIn(css: string): string[] {
  return css.split('\n').filter((line) => PHYSICAL.some((rule) => rule.test(line)) || hasUnequalSides(line));
}

function hasUnequalSides(line: string): boolean {
  const [, name, values = ''] = FOUR_SIDES.exec(line) ?? [];
  const [first, right, third, left] = values.replace(/\([^()]*(?:\([^()]*\)[^()]*)*\)/g, '()').split(/\s+/);
  if (left === undefined) return false;
  return name === 'border-radius' ? first !== right || third !== left : right !== left;
}

it('the rule finds a side by any name', () => {
  for (const line of [
    'left: 0;',
    'padding-right: 1rem;',
    'border-left-color: red;',
    'text-align: right;',
    'padding: 0 1rem 0 0;',
    'inset: 0 auto 0 0;',
    'border-radius: 1rem 1rem 0 1rem;',
  ])
    expect(physicalIn(line), line).toHaveLength(1);
  for (const line of [
    'inset-inline-start: 0;',
    'padding: 0 1rem;',
    'margin: 0 1rem 0 1rem;',
    'text-align: start;',
  ])
    expect(physicalIn(line), line).toEqual([]);
});

it.each(styles)('%s names no side of the screen', (path) => {
  expect(physicalIn(readFileSync(`${import.meta.dirname}/${path}`, 'utf8'))).toEqual([]);
});
