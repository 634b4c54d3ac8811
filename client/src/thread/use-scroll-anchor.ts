import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { type Anchors, anchorsOf, movedBy } from './anchors.ts';

/**
 * Keeps what is read in its place to the pixel, whatever changes above it: older messages, rows that are taken out of the document
 * or put into it, another width. What is first in view is followed by where it is in `list`, not by the scroll position, so that
 * the reader may scroll meanwhile. `isFollowing`: the view follows its end, which keeps it there. Needs `overflow-anchor: none`.
 */
export function useScrollAnchor(
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
  isFollowing: () => boolean,
): void {
  const anchors = useRef<Anchors | null>(null);

  // Also for a scroll: its event may come between a change of the layout and the observer's call.
  const restore = useCallback(() => {
    const element = scroller.current;
    if (!element || !list.current) return;
    if (anchors.current && !isFollowing()) {
      const moved = movedBy(element, anchors.current);
      if (Math.abs(moved) >= 0.1) element.scrollTop += moved;
    }
    anchors.current = anchorsOf(element, list.current);
  }, [scroller, list, isFollowing]);

  useLayoutEffect(restore);
  useEffect(() => {
    const [element, rows] = [scroller.current, list.current];
    if (!element || !rows) return;
    const observer = new ResizeObserver(restore);
    observer.observe(rows);
    element.addEventListener('scroll', restore, { passive: true, capture: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', restore, { capture: true });
    };
  }, [scroller, list, restore]);
}
