import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMPOSE, OPEN_TELEMETRY } from '../core/config/read-elsewhere.ts';
import { ROWS } from '../core/config/settings.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const SETTINGS = new Map(ROWS.map((row) => [row.variable, row.read]));
const KNOWN = new Set([...ROWS, ...OPEN_TELEMETRY, ...COMPOSE].map(({ variable }) => variable));
/** Variables of Node, of OpenTelemetry's SDK, of Ollama and of the shell, which pages mention. */
const OF_OTHERS = ['IFS', 'NODE_EXTRA_CA_CERTS', 'OLLAMA_HOST', 'OTEL_SERVICE_NAME'];
/** Variables of the tests, and of Vite's server in development. */
const OF_TESTS = [
  'EXPLORER_RUNS',
  'TASKFLOW_SERVER',
  'TEST_DATABASE_URL',
  'TEST_INSTALL_TOOLS',
  'TEST_REDIS_URL',
];
/** Values of enums of the API, which look like variables. */
const OF_API = [...read('schema.graphql').matchAll(/^ {2}([A-Z]+(?:_[A-Z]+)+)$/gm)].map(
  ([, name = '']) => name,
);
const isKnown = (name: string) => KNOWN.has(name) || [...OF_OTHERS, ...OF_TESTS, ...OF_API].includes(name);

const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs()];
/** Pages for those who run or change TaskFlow. The others name codes of the API in the same way. */
const OF_OPERATORS = PAGES.filter((page) =>
  /README|CONTRIBUTING|architecture|models|operations|reliability|telemetry/.test(page),
);

/** `NAME=value` in prose, in commands and in blocks of code, without quotes. */
const ASSIGNED = /(?<![\w./-])([A-Z][A-Z0-9_]+)=(?:'([^']*)'|([^\s`]*))/g;

describe.each(PAGES)('%s', (page) => {
  const assigned = [...read(page).matchAll(ASSIGNED)].map(([, name = '', quoted, plain = '']) => ({
    name,
    value: quoted ?? plain,
  }));

  test('sets only variables that are read', () => {
    expect(assigned.map(({ name }) => name).filter((name) => !isKnown(name))).toEqual([]);
  });

  test('sets every variable to a valid value, where it does not abbreviate', () => {
    const whole = assigned.filter(({ value }) => value !== '' && !/…|\.\.\./.test(value));
    const refused = whole.filter(({ name, value }) => SETTINGS.get(name)?.safeParse(value).success === false);
    expect(refused).toEqual([]);
  });
});

test.each(OF_OPERATORS)('%s mentions only variables that are read', (page) => {
  const mentioned = [...read(page).matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`/g)].map(
    ([, name = '']) => name,
  );
  expect(mentioned.filter((name) => !isKnown(name))).toEqual([]);
});

test('the check finds the names and values that pages set', () => {
  const line = '`HTTPS_PROXY=http://a` then\nLLM_EXTRA_BODY=\'{"a": 1}\' PORT=1 npm start';
  expect([...line.matchAll(ASSIGNED)].map(([, name, quoted, plain]) => [name, quoted ?? plain])).toEqual([
    ['HTTPS_PROXY', 'http://a'],
    ['LLM_EXTRA_BODY', '{"a": 1}'],
    ['PORT', '1'],
  ]);
});

function docs(): string[] {
  return readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
}
