import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** Within this distance, in pixels, the user counts as being at the end. */
const NEAR = 40;

/**
 * Keeps a scrolling element at its end while `content` grows, as long as the user is there. Scrolling up stops this;
 * scrolling back to the end, or `toBottom`, starts it again.
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
      // Growth moves the end but not `scrollTop`, so only a scroll upwards means that the user has left the end.
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
