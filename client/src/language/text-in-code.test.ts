import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namesInCode, textsInCode } from '../../../scripts/text-in-code.ts';
import english from './messages/en.json';
import { ENGLISH } from './translation.ts';

const SOURCES = join(import.meta.dirname, '..');
const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.tsx?$/.test(path) && !/\.test\.|^gql\/|text-values/.test(path),
);
const read = (path: string) => readFileSync(join(SOURCES, path), 'utf8');

it.each([
  '<p>Some text</p>',
  '<p>{"Some text"}</p>',
  '<p>{isOpen ? "Some text" : t("app")}</p>',
  `<p>{isOpen && \`Some text \${n}\`}</p>`,
  '<button aria-label="Some text" />',
  '<input placeholder={name ?? "Some text"} />',
  '<Field hint="Some text" />',
  `<img alt={\`Some text \${n}\`} />`,
  `document.title = \`Some text \${n}\``,
])('the rule finds the text in %s', (code) => {
  expect(textsInCode('one.tsx', code)).toEqual([expect.stringContaining('Some text')]);
});

it.each([
  '<p>{t("app")} / {n}</p>',
  '<p className="note" data-testid="note" role={isBad ? "alert" : "status"}>{mode === "shown" && t("app")}</p>',
  '<img alt="" />',
  'document.title = t("app")',
])('the rule finds none in %s', (code) => {
  expect(textsInCode('one.tsx', code)).toEqual([]);
});

it('components take every text from the catalogue', () => {
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.flatMap((path) => textsInCode(path, read(path)))).toEqual([]);
});

it('formats are of the language in use, not of the browser', () => {
  const faults = sources.filter((path) =>
    /\.toLocale\w+\(|\.localeCompare\(|new Intl\.\w+\((?:\)|['"[])/.test(read(path)),
  );
  expect(faults).toEqual([]);
});

it('each text of the catalogue is used', () => {
  const used = sources.flatMap((path) => namesInCode(path, read(path)));
  const literals = new Set(used);
  const patterns = used
    .filter((name) => /^[\w.]+\.\*/.test(name))
    .map((name) => new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '\\w+')}$`));
  const unused = Object.keys(english).filter(
    (name) => !literals.has(name) && !patterns.some((pattern) => pattern.test(name)),
  );
  expect(unused).toEqual([]);
  expect(ENGLISH.t('app')).toBe('TaskFlow');
});
