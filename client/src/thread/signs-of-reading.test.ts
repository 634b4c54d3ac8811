import { beforeEach, expect, it } from 'vitest';
import { onSignOfReading, type ReadingPage } from './signs-of-reading.ts';

/** A node of the thread; everything else is outside of it. */
const inThread = {} as Node;
let selected: { isCollapsed: boolean; focusNode: Node | null };
let page: EventTarget;
let document: EventTarget;
let thread: EventTarget;
let signs: number;
let remove: () => void;

beforeEach(() => {
  selected = { isCollapsed: true, focusNode: null };
  document = new EventTarget();
  page = Object.assign(new EventTarget(), { document, getSelection: () => selected });
  thread = Object.assign(new EventTarget(), { contains: (node: Node | null) => node === inThread });
  signs = 0;
  remove = onSignOfReading(page as unknown as ReadingPage, thread as HTMLElement, () => (signs += 1));
});

const key = (name: string) => document.dispatchEvent(Object.assign(new Event('keydown'), { key: name }));

it('a wheel, a finger, a pointer on the thread, a key that scrolls and the focus of the window are signs', () => {
  for (const type of ['wheel', 'touchmove', 'pointerdown']) thread.dispatchEvent(new Event(type));
  expect(signs).toBe(3);
  key('PageDown');
  expect(signs).toBe(4);
  page.dispatchEvent(new Event('focus'));
  expect(signs).toBe(5);
});

it('a thread that follows an answer by itself, and a letter, are no signs', () => {
  thread.dispatchEvent(new Event('scroll'));
  key('a');
  expect(signs).toBe(0);
});

it('a selection is a sign when it holds text of the thread', () => {
  document.dispatchEvent(new Event('selectionchange'));
  selected = { isCollapsed: false, focusNode: {} as Node };
  document.dispatchEvent(new Event('selectionchange'));
  expect(signs).toBe(0);
  selected = { isCollapsed: false, focusNode: inThread };
  document.dispatchEvent(new Event('selectionchange'));
  expect(signs).toBe(1);
});

it('there are none after the listeners were removed', () => {
  remove();
  thread.dispatchEvent(new Event('wheel'));
  page.dispatchEvent(new Event('focus'));
  key('PageUp');
  expect(signs).toBe(0);
});
