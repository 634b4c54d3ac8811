import { InvalidInputError } from '../../../core/domain/errors.ts';
import { INPUT_TEXTS } from '../../../core/domain/texts.ts';
import type { Seen } from '../../../core/store/outbox.ts';
import { builder } from '../builder.ts';
import { turnIdFrom } from '../ids.ts';

/** How much of the answer being spoken the caller had on the screen. */
export const SeenInput = builder.inputType('SeenInput', {
  description:
    'How much of the answer being spoken the caller had on the screen: what is stored of it, and what the model remembers, ends there. It can only shorten. Of a turn that is over it changes nothing; of another conversation it is an InvalidInputError.',
  fields: (t) => ({
    turnId: t.id({ required: true, description: 'The turn that was on the screen.' }),
    offset: t.int({
      required: true,
      description:
        "How much of the turn's text, in UTF-16 code units, as in TurnTextAdded. Past what was spoken it counts as all of it; within a grapheme, as the beginning of that grapheme.",
    }),
  }),
});

/** The description of the field of an input. */
export const SEEN_DESCRIPTION =
  'How much of the answer being spoken was on the screen: the answer ends there. All that was spoken, unless given.';

/** @throws {InvalidInputError} when the turn's id is malformed or the offset negative */
export function seenFrom(input: { turnId: string; offset: number } | null | undefined): Seen | null {
  if (!input) return null;
  const { offset } = input;
  if (offset < 0) throw new InvalidInputError([{ path: 'seen.offset', message: INPUT_TEXTS.negative }]);
  return { turnId: turnIdFrom(input.turnId, 'seen.turnId'), offset };
}
