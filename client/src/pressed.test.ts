import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pressed } from './pressed.ts';

// As browsers send them, with the composition events that come before and after left out.
const TAKEN = [
  ['Chromium and Edge, Windows and macOS', { keyCode: 229, isComposing: true }],
  ['Chromium, Linux (IBus)', { key: 'Process', keyCode: 229, isComposing: true }],
  ['Chromium, Android', { key: 'Unidentified', keyCode: 229, isComposing: true }],
  ['Firefox, Windows', { key: 'Process', keyCode: 229, isComposing: true }],
  ['Firefox, macOS and Linux', { keyCode: 229, isComposing: true }],
  ['Firefox before version 65', { keyCode: 27, isComposing: true }],
  ['Safari, macOS and iOS: after the composition has ended', { keyCode: 229, isComposing: false }],
] as const;

it.each(TAKEN)('a key that an input method takes is not pressed: %s', (_, keys) => {
  for (const key of ['Enter', 'Escape', 'ArrowDown']) expect(pressed({ key, ...keys }), key).toBeNull();
});

it('any other key is, in an event of the browser and in one of React', () => {
  const keys = { key: 'Escape', keyCode: 27, isComposing: false };
  expect(pressed(keys)).toBe('Escape');
  expect(pressed({ nativeEvent: keys })).toBe('Escape');
});

it('nothing else in the client compares keys that input methods take', () => {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.|^pressed\.ts$/.test(file),
  );
  const comparing = sources.filter((file) =>
    /(?<!pressed\()(event\.key|\bkey) (===|!==) '(Enter|Escape)'/.test(
      readFileSync(`${import.meta.dirname}/${file}`, 'utf8'),
    ),
  );
  expect(sources.length).toBeGreaterThan(50);
  expect(comparing).toEqual([]);
});
