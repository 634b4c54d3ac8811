import type { ReactNode } from 'react';

/**
 * A row of a thread, the `position`th of all that are loaded. `gap`: the height of the rows between the one before it and this
 * one, which are not in the document, in pixels. `measure`: observes its height, and knows it by its `index`.
 */
export function Row(props: {
  position: number;
  /** -1: not known, because earlier ones are not loaded. */
  total: number;
  index?: number;
  gap?: number;
  measure?: (row: Element | null) => void;
  children: ReactNode;
}) {
  const { position, total, index, gap = 0, measure, children } = props;
  return (
    <li
      className="entry-row"
      ref={measure}
      data-index={index}
      aria-posinset={position}
      aria-setsize={total}
      style={{ marginTop: gap }}
    >
      {children}
    </li>
  );
}
