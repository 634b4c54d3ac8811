import { type RefObject, useLayoutEffect, useRef } from 'react';

/**
 * Keeps the visible messages in place when others are inserted above them: the element `[data-message-id]` that was first is
 * pushed down, and the scroller follows it. `first` is the id of the first message. Needs `overflow-anchor: none`.
 */
export function usePrependAnchor(scroller: RefObject<HTMLElement | null>, first: string | undefined): void {
  const before = useRef<{ first: string; top: number } | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const was = before.current;
    const anchor = was && was.first !== first ? entryOf(element, was.first) : null;
    if (was && anchor) element.scrollTop += anchor.offsetTop - was.top;
    const top = first === undefined ? undefined : entryOf(element, first)?.offsetTop;
    before.current = first === undefined || top === undefined ? null : { first, top };
  });
}

function entryOf(scroller: HTMLElement, messageId: string): HTMLElement | null {
  return scroller.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(messageId)}"]`);
}
