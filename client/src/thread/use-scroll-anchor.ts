import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * Keeps what is read in its place to the pixel, whatever changes above it: older messages, rows that are taken out of the document
 * or put into it, another width. The first row in view is followed by where it is in `list`, not by the scroll position, so that
 * the reader may scroll meanwhile. `isFollowing`: the view follows its end, which keeps it there. Needs `overflow-anchor: none`.
 */
export function useScrollAnchor(
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
  isFollowing: () => boolean,
): void {
  const anchor = useRef<{ row: Element; place: number } | null>(null);

  const choose = useCallback(() => {
    anchor.current = scroller.current && list.current && firstInView(scroller.current, list.current);
  }, [scroller, list]);

  const restore = useCallback(() => {
    const element = scroller.current;
    const was = anchor.current;
    if (element && was?.row.isConnected && !isFollowing()) {
      const moved = placeOf(element, was.row) - was.place;
      if (Math.abs(moved) >= 0.1) element.scrollTop += moved;
    }
    choose();
  }, [scroller, isFollowing, choose]);

  useLayoutEffect(restore);
  useEffect(() => {
    const [element, rows] = [scroller.current, list.current];
    if (!element || !rows) return;
    const observer = new ResizeObserver(restore);
    observer.observe(rows);
    element.addEventListener('scroll', choose, { passive: true, capture: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', choose, { capture: true });
    };
  }, [scroller, list, restore, choose]);
}

function firstInView(scroller: HTMLElement, list: HTMLElement) {
  const { top } = scroller.getBoundingClientRect();
  const row = [...list.children].find((it) => it.getBoundingClientRect().bottom > top);
  return row ? { row, place: placeOf(scroller, row) } : null;
}

/** The distance from the beginning of what is scrolled, in pixels. */
function placeOf(scroller: HTMLElement, row: Element): number {
  return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
}
