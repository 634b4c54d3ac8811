/** The text that was written in a place and not sent. It is kept until the tab is closed, so that a reload does not lose it. */
export function readDraft(place: string): string {
  try {
    return sessionStorage.getItem(key(place)) ?? '';
  } catch {
    return '';
  }
}

/** Stores a draft; an empty one is removed. */
export function writeDraft(place: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(key(place));
    else sessionStorage.setItem(key(place), text);
  } catch {
    // Storage can be forbidden or full; then the draft lasts as long as the page.
  }
}

function key(place: string): string {
  return `taskflow.draft.${place}`;
}
