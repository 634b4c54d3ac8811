import type { ExtraProps } from 'react-markdown';

/** An element of the HTML syntax tree (hast) from which answers are rendered. */
export type HastElement = NonNullable<ExtraProps['node']>;

/** A rehype plugin that puts the blinking cursor directly after the last word, however deeply nested that is. */
export function cursorAtEnd(): (tree: Pick<HastElement, 'children'>) => void {
  return (tree) => {
    let parent = tree;
    for (;;) {
      const last = parent.children.findLast((child) => child.type !== 'text' || child.value.trim() !== '');
      if (last?.type !== 'element' || !DESCENDS.has(last.tagName)) break;
      parent = last;
    }
    parent.children.push({
      type: 'element',
      tagName: 'span',
      properties: { className: ['cursor'], ariaHidden: 'true' },
      children: [],
    });
  };
}

const DESCENDS = new Set(
  'p ul ol li blockquote h1 h2 h3 h4 h5 h6 table thead tbody tr td th em strong del'.split(' '),
);
