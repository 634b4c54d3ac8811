import { typesByFinger } from '../types-by-finger.ts';

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

const LIST = '[data-focus-list]';

/**
 * Where an element was when it got the focus, from its parent upwards. In a list, `neighbours` are the items behind it, then those
 * before it, the nearest first: items move meanwhile.
 */
type Path = { parent: Element; neighbours: Element[] }[];

/**
 * Puts the focus somewhere sensible when what had it is gone, as a button is whose action is done: browsers leave it on the
 * page as a whole, and the next Tab begins at the top. In a list marked `data-focus-list` it goes to what took the place;
 * otherwise to the composer, or to the page around it where that would open a keyboard on the screen. Returns a function that
 * stops this.
 */
export function keepFocus(page: Document): () => void {
  const off = new AbortController();
  let last: HTMLElement | null = null;
  let path: Path = [];

  const restore = () => {
    if (!last || page.activeElement !== page.body) return;
    if (last.isConnected) {
      if (!last.matches(':disabled')) last.focus({ preventScroll: true });
      return;
    }
    last = null;
    homeAfter(path, page)?.focus({ preventScroll: true });
  };
  page.addEventListener(
    'focusin',
    ({ target }) => {
      last = target instanceof HTMLElement ? target : null;
      path = last ? pathOf(last) : [];
    },
    { signal: off.signal },
  );
  page.addEventListener(
    'pointerdown',
    ({ target }) => {
      // Pressing beside it leaves it.
      if (!(target instanceof Node && last?.contains(target))) last = null;
    },
    { signal: off.signal, capture: true },
  );
  const observer = new MutationObserver(restore);
  observer.observe(page.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['disabled'],
  });
  return () => {
    off.abort();
    observer.disconnect();
  };
}

function pathOf(element: Element): Path {
  const path: Path = [];
  for (
    let child = element, parent = child.parentElement;
    parent;
    child = parent, parent = child.parentElement
  )
    path.push({ parent, neighbours: parent.matches(LIST) ? neighboursOf(child, parent) : [] });
  return path;
}

function neighboursOf(child: Element, list: Element): Element[] {
  const items = [...list.children];
  const at = items.indexOf(child);
  // It may only have lost a part, such as the field in which it was renamed.
  return [...items.slice(at), ...items.slice(0, at).toReversed()];
}

function homeAfter(path: Path, page: Document): HTMLElement | null {
  for (const { parent, neighbours } of path) {
    if (!parent.isConnected) continue;
    const next = neighbours.find((item) => item.isConnected)?.querySelector<HTMLElement>(FOCUSABLE);
    if (next) return next;
    if (parent.matches('nav')) return parent.querySelector<HTMLElement>('[data-focus-home]');
  }
  const main = page.querySelector('main');
  const text = typesByFinger() ? null : main?.querySelector('textarea');
  return text ?? main?.querySelector<HTMLElement>('[data-focus-home]') ?? main;
}
