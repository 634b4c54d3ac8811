import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { EndFollower } from './end-follower.ts';
import { watchReader } from './watch-reader.ts';

/**
 * Keeps a scrolling element at its end while `content` grows, until the reader moves up by any means and any amount, or selects
 * text. Scrolling down to the end, the End key, or `toBottom` starts it again. `atBottom`: the end is in view; `isFollowing`: it is
 * kept there.
 *
 * The package use-stick-to-bottom (1.1.6) does not do: it does not see a wheel over a code block, takes no scroll events while
 * content grows, and follows again when content becomes shorter within 70 px of the end.
 */
export function useStickToBottom(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
): { atBottom: boolean; toBottom(): void; isFollowing(): boolean } {
  const [atBottom, setAtBottom] = useState(true);
  const follower = useRef(new EndFollower());

  const toBottom = useCallback(() => {
    follower.current.follow();
    setAtBottom(true);
    if (scroller.current) toEnd(scroller.current, follower.current);
  }, [scroller]);

  useEffect(() => {
    const element = scroller.current;
    if (!element || !content.current) return;
    const show = () => setAtBottom(follower.current.isAtEnd(element));
    const reader = watchReader(element, {
      onUp() {
        follower.current.release();
        show();
      },
      onEnd: toBottom,
    });
    const onScroll = () => {
      follower.current.scrolled(element, reader.isHolding());
      show();
    };
    const observer = new ResizeObserver(() => {
      if (follower.current.isFollowing) toEnd(element, follower.current);
      show();
    });
    observer.observe(content.current);
    observer.observe(element);
    // Before what changes the content when it is scrolled.
    element.addEventListener('scroll', onScroll, { passive: true, capture: true });
    return () => {
      reader.stop();
      observer.disconnect();
      element.removeEventListener('scroll', onScroll, { capture: true });
    };
  }, [scroller, content, toBottom]);

  const isFollowing = useCallback(() => follower.current.isFollowing, []);
  return { atBottom, toBottom, isFollowing };
}

function toEnd(element: HTMLElement, follower: EndFollower): void {
  element.scrollTop = element.scrollHeight;
  follower.moved(element);
}
