import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback } from 'react';
import type { MessagePartsFragment } from '../gql/graphql.ts';
import { estimatedHeight } from './estimated-height.ts';
import { rowsInUse } from './rows-in-use.ts';

/** One row of a thread that is in the document. */
export interface VisibleRow {
  index: number;
  /** The height of the rows between the one before it and this one, which are not in the document, in pixels. */
  gap: number;
}

/** How many rows are in the document above and below what is in view. */
const OVERSCAN = 16;

/**
 * How many rows at the end always stay in the document: an answer that has just ended keeps the elements in which
 * it was spoken.
 */
const KEPT_AT_END = 2;

/**
 * Which of `messages` are in the document: those near the view, the last ones, and those in use. `measure` is the ref of each of
 * them, an element with its `data-index`. It never scrolls: rows are in the flow of the document, and
 * {@link useScrollAnchor} keeps them in their place.
 */
export function useVisibleRows(
  messages: readonly MessagePartsFragment[],
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
): { rows: readonly VisibleRow[]; measure: (row: Element | null) => void } {
  const keyOf = useCallback((index: number) => messages[index]?.id ?? index, [messages]);
  const heightOf = useCallback(
    (index: number) => estimatedHeight(messages[index]?.content ?? ''),
    [messages],
  );
  const extract = useCallback(
    (range: Range) => {
      const indexes = new Set(defaultRangeExtractor(range));
      for (let n = 1; n <= Math.min(KEPT_AT_END, range.count); n++) indexes.add(range.count - n);
      for (const index of rowsInUse(list.current)) if (index < range.count) indexes.add(index);
      return [...indexes].sort((a, b) => a - b);
    },
    [list],
  );
  const virtualizer = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    getItemKey: keyOf,
    estimateSize: heightOf,
    overscan: OVERSCAN,
    rangeExtractor: extract,
    // A thread opens at its end.
    initialOffset: Number.MAX_SAFE_INTEGER,
    initialRect: { width: 0, height: window.innerHeight },
    // Rows that are added above do not change which ones are in view.
    anchorTo: 'end',
    scrollEndThreshold: Number.NEGATIVE_INFINITY,
    scrollToFn: () => {},
  });
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = () => false;

  let end = 0;
  const rows = virtualizer.getVirtualItems().map((item) => {
    const gap = Math.max(0, item.start - end);
    end = item.end;
    return { index: item.index, gap };
  });
  return { rows, measure: virtualizer.measureElement };
}
