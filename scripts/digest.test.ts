import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOf } from './digest.mjs';

let root: string;
const SOURCES = ['src', 'main.ts', 'absent.ts'];
const digest = () => digestOf(root, SOURCES);
const write = (path: string, content: string) => writeFileSync(join(root, path), content);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'taskflow-digest-'));
  for (const folder of ['node_modules', 'dist'])
    mkdirSync(join(root, 'src/deep', folder), { recursive: true });
  write('main.ts', 'main');
  write('src/deep/a.ts', 'one');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a file that is written again as it was leaves the digest as it was', () => {
  const before = digest();
  write('src/deep/a.ts', 'one');
  utimesSync(join(root, 'main.ts'), 1, 1);
  expect(digest()).toBe(before);
});

test('a change that leaves size and time as they were changes the digest', () => {
  utimesSync(join(root, 'src/deep/a.ts'), 1, 1);
  const before = digest();
  write('src/deep/a.ts', 'two');
  utimesSync(join(root, 'src/deep/a.ts'), 1, 1);
  expect(digest()).not.toBe(before);
});

test.each<[string, () => void]>([
  ['renamed', () => renameSync(join(root, 'src/deep/a.ts'), join(root, 'src/deep/b.ts'))],
  ['removed', () => rmSync(join(root, 'src/deep/a.ts'))],
  ['added', () => write('absent.ts', '')],
])('a file that is %s changes the digest', (_what, change) => {
  const before = digest();
  change();
  expect(digest()).not.toBe(before);
});

test('content that moves from one file to the next changes the digest', () => {
  write('src/b.ts', 'b');
  write('src/a.ts', '');
  const before = digest();
  write('src/b.ts', '');
  write('src/a.ts', 'b');
  expect(digest()).not.toBe(before);
});

test('tests, and what is installed or built, are no part of the digest', () => {
  const before = digest();
  write('src/deep/a.test.ts', 'a test');
  write('src/deep/node_modules/b.js', 'a package');
  write('src/deep/dist/c.js', 'a build');
  expect(digest()).toBe(before);
});

test('the digest is the same wherever the files are', () => {
  const before = digest();
  const moved = `${root}-moved`;
  renameSync(root, moved);
  root = moved;
  expect(digest()).toBe(before);
});
