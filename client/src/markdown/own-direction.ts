import type { HastElement } from './cursor-at-end.ts';

/** Elements that have a direction as a whole: of a list, for example, on which side its marks are. */
const BLOCKS = new Set('p h1 h2 h3 h4 h5 h6 blockquote ul ol table'.split(' '));

/**
 * A rehype plugin that lets each outermost block run from left to right or from right to left, as its first letter says. Browsers
 * skip elements with a direction of their own when they look for that letter, so the parts of a block have none.
 */
export function ownDirection(): (tree: Pick<HastElement, 'children'>) => void {
  return function mark(tree) {
    for (const child of tree.children) {
      if (child.type !== 'element') continue;
      if (BLOCKS.has(child.tagName)) child.properties.dir = 'auto';
      // That of the footnotes.
      else if (child.tagName === 'section') mark(child);
    }
  };
}
