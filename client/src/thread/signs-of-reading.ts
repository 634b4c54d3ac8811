/** What {@link onSignOfReading} needs of the window. */
export type ReadingPage = Pick<Window, 'addEventListener' | 'getSelection'> & {
  document: Pick<Document, 'addEventListener'>;
};

/**
 * Calls `sign` when the user scrolls a thread, selects text in it, or comes back to the window. Scrolling is recognised by its
 * wheel, touch, pointer or key: a `scroll` event also comes when the thread follows an answer by itself.
 * Returns a function that removes the listeners.
 */
export function onSignOfReading(page: ReadingPage, thread: HTMLElement, sign: () => void): () => void {
  const removed = new AbortController();
  const passive = { passive: true, signal: removed.signal };
  for (const type of ['wheel', 'touchmove', 'pointerdown']) thread.addEventListener(type, sign, passive);
  page.addEventListener('focus', sign, passive);
  page.document.addEventListener(
    'keydown',
    ({ key }) => {
      if (SCROLL_KEYS.has(key)) sign();
    },
    passive,
  );
  page.document.addEventListener(
    'selectionchange',
    () => {
      const selection = page.getSelection();
      if (selection && !selection.isCollapsed && thread.contains(selection.focusNode)) sign();
    },
    passive,
  );
  return () => removed.abort();
}

const SCROLL_KEYS = new Set(['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown']);
