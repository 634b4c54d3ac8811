/** A block by which a view is kept in its place, as it was. Pixels. */
interface Anchor {
  readonly element: Element;
  /** Where it began, from the beginning of what is scrolled. */
  readonly place: number;
  /** Its height above the view. */
  readonly above: number;
  readonly width: number;
  readonly height: number;
}

/** What was in view. */
export interface Anchors {
  readonly width: number;
  /** The first block in view and the blocks that it is in, the innermost first. */
  readonly first: readonly Anchor[];
  /** The first block that began in the view; null in the middle of a long text. */
  readonly beginning: Anchor | null;
}

/** What is in the view of `scroller` of the blocks in `list`. */
export function anchorsOf(scroller: Element, list: Element): Anchors {
  const view = new View(scroller);
  return { width: scroller.clientWidth, first: view.firstIn(list), beginning: view.beginningIn(list) };
}

/**
 * How far what was in view has moved in what is scrolled, in pixels. The first block in view is followed at its beginning, as
 * text may be added at its end. In a view of another width, where text breaks elsewhere, it is the first block that began in it;
 * in the middle of a long text, the part of it that was in view.
 */
export function movedBy(scroller: Element, { width, first, beginning }: Anchors): number {
  const anchors = scroller.clientWidth === width || !beginning ? first : [beginning, ...first];
  const anchor = anchors.find(({ element }) => element.isConnected);
  if (!anchor) return 0;
  const now = anchor.element.getBoundingClientRect();
  const moved = now.top - originOf(scroller) - anchor.place;
  return now.width === anchor.width ? moved : moved + anchor.above * (now.height / anchor.height - 1);
}

class View {
  readonly #top: number;
  readonly #bottom: number;
  readonly #origin: number;

  constructor(scroller: Element) {
    ({ top: this.#top, bottom: this.#bottom } = scroller.getBoundingClientRect());
    this.#origin = originOf(scroller);
  }

  firstIn(parent: Element): Anchor[] {
    for (const anchor of this.#blocksIn(parent)) {
      if (anchor.above === 0) return [anchor];
      const within = this.firstIn(anchor.element);
      // A block that is in view only by its edge changes above the view.
      if (within.length > 0 || bottomOf(anchor.element) > this.#top) return [...within, anchor];
    }
    return [];
  }

  beginningIn(parent: Element): Anchor | null {
    for (const anchor of this.#blocksIn(parent)) {
      const found = anchor.above === 0 ? anchor : this.beginningIn(anchor.element);
      if (found) return found;
    }
    return null;
  }

  *#blocksIn(parent: Element): Generator<Anchor> {
    for (const element of parent.children) {
      const { top, bottom, width, height } = element.getBoundingClientRect();
      if (top >= this.#bottom) return;
      if (bottom <= this.#top || height === 0 || !isBlock(element)) continue;
      const above = Math.max(0, this.#top - top);
      yield { element, place: top - this.#origin, above, width, height };
    }
  }
}

/** Whether it is a block that moves with what is around it. */
function isBlock(element: Element): boolean {
  const { display, position } = getComputedStyle(element);
  return !display.startsWith('inline') && (position === 'static' || position === 'relative');
}

/** Where its content ends, from the top of the window. */
function bottomOf(element: Element): number {
  const content = document.createRange();
  content.selectNodeContents(element);
  return content.getBoundingClientRect().bottom;
}

/** Where what is scrolled begins, from the top of the window. */
function originOf(scroller: Element): number {
  return scroller.getBoundingClientRect().top - scroller.scrollTop;
}
