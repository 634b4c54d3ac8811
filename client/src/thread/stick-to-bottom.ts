import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** So near to the end, in pixels, counts as being there. */
const NEAR = 40;

/**
 * Keeps a scrolling element at its end while `content` grows, for as long as the user is there; scrolling up lets go,
 * scrolling back down, or `toBottom`, takes hold again.
 */
export function useStickToBottom(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
): { atBottom: boolean; toBottom(): void } {
  const [atBottom, setAtBottom] = useState(true);
  const sticking = useRef(true);
  const lastTop = useRef(0);

  const toEnd = useCallback((element: HTMLElement) => {
    element.scrollTop = element.scrollHeight;
    lastTop.current = element.scrollTop;
  }, []);
  const toBottom = useCallback(() => {
    sticking.current = true;
    setAtBottom(true);
    if (scroller.current) toEnd(scroller.current);
  }, [scroller, toEnd]);

  useEffect(() => {
    const element = scroller.current;
    if (!element || !content.current) return;
    const onScroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = element;
      const near = scrollHeight - scrollTop - clientHeight <= NEAR;
      // Growth moves the end away without moving the top: only a scroll upwards is the user's letting go.
      if (near) sticking.current = true;
      else if (scrollTop < lastTop.current) sticking.current = false;
      lastTop.current = scrollTop;
      setAtBottom(sticking.current);
    };
    const observer = new ResizeObserver(() => {
      if (sticking.current) toEnd(element);
      else onScroll();
    });
    observer.observe(content.current);
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller, content, toEnd]);

  return { atBottom, toBottom };
}
