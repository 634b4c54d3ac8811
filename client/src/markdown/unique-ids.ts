import type { HastElement } from './cursor-at-end.ts';

type Parent = Pick<HastElement, 'children'>;

/**
 * A rehype plugin that puts `prefix` before all ids of a tree and before what names them, so that the footnotes of two messages on
 * one page do not lead to each other.
 */
export function uniqueIds(prefix: string): (tree: Parent) => void {
  return (tree) => {
    for (const { properties } of elementsIn(tree)) {
      const { id, href, ariaDescribedBy } = properties;
      if (typeof id === 'string') properties.id = prefix + id;
      if (typeof href === 'string' && href.startsWith('#')) properties.href = `#${prefix}${href.slice(1)}`;
      if (Array.isArray(ariaDescribedBy))
        properties.ariaDescribedBy = ariaDescribedBy.map((one) => prefix + one);
    }
  };
}

function* elementsIn(parent: Parent): Generator<HastElement> {
  for (const child of parent.children) {
    if (child.type !== 'element') continue;
    yield child;
    yield* elementsIn(child);
  }
}
