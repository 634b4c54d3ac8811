/**
 * The indexes of the rows of `list` that must not be taken out of the document: one with the focus, those that are being edited,
 * and all between the two ends of a selection.
 */
export function rowsInUse(list: HTMLElement | null): number[] {
  if (!list) return [];
  const busy = [...list.querySelectorAll(':focus, form')].map((element) => indexOf(list, element));
  const selection = document.getSelection();
  const ends =
    selection && !selection.isCollapsed
      ? [indexOf(list, selection.anchorNode), indexOf(list, selection.focusNode)]
      : [];
  const [one, other] = ends.filter((it) => it !== null);
  const selected =
    one === undefined || other === undefined
      ? []
      : Array.from({ length: Math.abs(one - other) + 1 }, (_, n) => Math.min(one, other) + n);
  return [...busy.filter((it) => it !== null), ...selected];
}

function indexOf(list: HTMLElement, node: Node | null): number | null {
  if (!list.contains(node)) return null;
  const element = node instanceof Element ? node : node?.parentElement;
  const index = element?.closest<HTMLElement>('[data-index]')?.dataset.index;
  return index === undefined ? null : Number(index);
}
