/** What could be said below the last message; null or false: it does not apply. */
interface Notes {
  unanswered: unknown;
  ended: unknown;
  substitution: unknown;
  typingElsewhere: unknown;
  nudge: unknown;
}

/** The most important first: what the user can do about the conversation comes before what goes on by itself. */
const ORDER = ['unanswered', 'ended', 'substitution', 'typingElsewhere', 'nudge'] as const;

/** The one note to show, so that no two contradict each other; null: there is none. */
export function footNote(notes: Notes): keyof Notes | null {
  return ORDER.find((name) => Boolean(notes[name])) ?? null;
}
