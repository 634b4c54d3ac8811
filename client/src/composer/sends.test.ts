import { expect, it } from 'vitest';
import { sends } from './sends.ts';

const ENTER = {
  ...{ key: 'Enter', keyCode: 13, isComposing: false },
  ...{ shiftKey: false, ctrlKey: false, metaKey: false, altKey: false },
};

it.each([
  ['Enter', {}, 'AUTO'],
  ['Ctrl + Enter', { ctrlKey: true }, 'AUTO'],
  ['Command + Enter', { metaKey: true }, 'AUTO'],
  ['Alt + Enter', { altKey: true }, 'QUEUE'],
  ['Ctrl + Alt + Enter', { altKey: true, ctrlKey: true }, 'QUEUE'],
  ['Ctrl + Shift + Enter', { ctrlKey: true, shiftKey: true }, 'INTERRUPT'],
  ['Command + Shift + Enter', { metaKey: true, shiftKey: true }, 'INTERRUPT'],
  ['Shift + Enter', { shiftKey: true }, null],
  ['Alt + Shift + Enter', { altKey: true, shiftKey: true }, null],
  ['a letter', { key: 'a', keyCode: 65 }, null],
])('%s sends or does not', (_name, keys, how) => {
  expect(sends({ ...ENTER, ...keys }, false)).toBe(how);
});

// As browsers send them, with the composition events that come before and after left out.
it.each([
  ['Chromium and Edge, Windows and macOS', { key: 'Enter', keyCode: 229, isComposing: true }],
  ['Chromium, Linux (IBus)', { key: 'Process', keyCode: 229, isComposing: true }],
  ['Chromium, Android', { key: 'Unidentified', keyCode: 229, isComposing: true }],
  ['Firefox, Windows', { key: 'Process', keyCode: 229, isComposing: true }],
  ['Firefox, macOS and Linux', { key: 'Enter', keyCode: 229, isComposing: true }],
  [
    'Safari, macOS and iOS: after the composition has ended',
    { key: 'Enter', keyCode: 229, isComposing: false },
  ],
])('the Enter that confirms a candidate of an input method sends nothing: %s', (_browser, keys) => {
  for (const modifiers of [{}, { ctrlKey: true }, { metaKey: true }, { altKey: true }])
    expect(sends({ ...ENTER, ...modifiers, ...keys }, false)).toBeNull();
});

it('on a touch screen Enter alone begins a new line, and with Ctrl or Command it sends', () => {
  expect(sends(ENTER, true)).toBeNull();
  expect(sends({ ...ENTER, ctrlKey: true }, true)).toBe('AUTO');
});
