import type { TextValues } from './text-values.ts';

/** The name of a text in the catalogues. */
export type TextName = keyof TextValues;

/** The values that texts with these names need: none, or one object. */
export type ValuesOf<Name extends TextName> = TextValues[Name] extends null ? [] : [values: TextValues[Name]];

/** A text that is put into words where it is shown, in the language of that moment. Made by {@link phrase}. */
export interface Phrase {
  name: TextName;
  values?: TextValues[TextName];
}

/** One sentence, or some after each other. */
export type Phrases = Phrase | readonly Phrase[];

/** A text of the catalogue, to be shown later. */
export function phrase<Name extends TextName>(name: Name, ...[values]: ValuesOf<Name>): Phrase {
  return values === undefined ? { name } : { name, values };
}
