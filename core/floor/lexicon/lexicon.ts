/**
 * What people write in one language while somebody else speaks. Each list has a comma or a line break between its phrases;
 * in `acknowledgements`, `sentences`, `companions`, `joints` and `despiteNegation` a phrase is a pattern (`phrase-pattern.ts`). Case, accents,
 * drawn-out letters and likely typos need no entries.
 */
export interface Lexicon {
  /** Whole lines that ask for nothing and add nothing: agreement, thanks, praise, amazement, "go on". */
  readonly acknowledgements: string;
  /** The same as whole sentences, as in "I see what you mean": a subject, a verb and what may stand around them. */
  readonly sentences: string;
  /** The acknowledgements in which a negation says that all is well, as in "no problem". */
  readonly despiteNegation: string;
  /** What may stand before and after an acknowledgement, and is none: "bro", "then". */
  readonly companions: string;
  /** What may stand before an acknowledgement, also between two, and never last: "and", "well". */
  readonly joints: string;
  /** What refuses, corrects or stops. A clause of one of these interrupts, even if it begins a phrase of another list. */
  readonly negations: string;
  /** What begins a question. A clause of one of these interrupts as well. */
  readonly questions: string;
  /** Words with another meaning that a typo would make of a word in the lists above, such as "tanks". */
  readonly realWords: string;
}
