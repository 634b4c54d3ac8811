/** What a reader does to a scrolling element. */
interface ReaderEvents {
  /** The reader moves up, or selects text. */
  onUp(): void;
  /** The reader wants to be at the end. */
  onEnd(): void;
}

/** Keys by which browsers scroll up. */
const UP = new Set(['ArrowUp', 'PageUp', 'Home']);

/**
 * Reports what a reader does by wheel, finger, key and mouse, before the browser has scrolled: while content grows in each
 * frame, its scroll events alone do not say who scrolled. `isHolding`: a mouse button or the scroll bar is held.
 */
export function watchReader(
  element: HTMLElement,
  { onUp, onEnd }: ReaderEvents,
): { isHolding(): boolean; stop(): void } {
  const off = new AbortController();
  const options = { passive: true, signal: off.signal };
  let isHeld = false;
  let fingerY: number | null = null;
  const up = () => {
    if (element.scrollTop > 0) onUp();
  };

  element.addEventListener(
    'wheel',
    ({ deltaY, ctrlKey }) => {
      if (deltaY < 0 && !ctrlKey) up();
    },
    options,
  );
  element.addEventListener(
    'touchstart',
    ({ touches }) => {
      fingerY = touches[0]?.clientY ?? null;
    },
    options,
  );
  element.addEventListener(
    'touchmove',
    ({ touches }) => {
      const y = touches[0]?.clientY ?? null;
      if (y !== null && fingerY !== null && y > fingerY) up();
      fingerY = y;
    },
    options,
  );
  element.addEventListener(
    'pointerdown',
    ({ pointerType }) => {
      isHeld = pointerType === 'mouse';
    },
    options,
  );
  for (const name of ['pointerup', 'pointercancel'] as const) {
    window.addEventListener(
      name,
      () => {
        isHeld = false;
      },
      options,
    );
  }
  document.addEventListener(
    'selectionchange',
    () => {
      const selection = document.getSelection();
      const isHere = selection?.isCollapsed === false && element.contains(selection.anchorNode);
      if (isHeld && isHere) up();
    },
    options,
  );
  window.addEventListener(
    'keydown',
    (event) => {
      const { key, target, altKey, shiftKey, defaultPrevented } = event;
      if (defaultPrevented || altKey || document.querySelector('dialog[open], [data-open-menu]')) return;
      const isHere = target === document.body || (target instanceof Node && element.contains(target));
      if (key === 'End' && (isHere || isEmptyText(target))) onEnd();
      else if (isHere && (UP.has(key) || (key === ' ' && shiftKey))) up();
    },
    options,
  );
  return { isHolding: () => isHeld, stop: () => off.abort() };
}

/** In an empty text the End key has nowhere else to go. */
function isEmptyText(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement && target.value === '';
}
