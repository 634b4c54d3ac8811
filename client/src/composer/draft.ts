/** What was written and not sent, per place, for as long as the tab lives: a reload loses nothing. */
export function readDraft(place: string): string {
  try {
    return sessionStorage.getItem(key(place)) ?? '';
  } catch {
    return '';
  }
}

/** Remembers a draft; an empty one is forgotten. */
export function writeDraft(place: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(key(place));
    else sessionStorage.setItem(key(place), text);
  } catch {
    // Storage can be forbidden or full; the draft then lasts as long as the page.
  }
}

function key(place: string): string {
  return `taskflow.draft.${place}`;
}
