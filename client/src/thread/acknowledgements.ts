import type { MessagePartsFragment } from '../gql/graphql.ts';

/** What the user said while an answer was spoken, without cutting it off. `offset`: how much of it had been spoken. */
export interface Acknowledgement {
  id: string;
  text: string;
  offset: number;
}

export interface Separated {
  /** The messages without the acknowledgements. */
  messages: readonly MessagePartsFragment[];
  /** The acknowledgements of each answer, by its id, oldest first. */
  acknowledgements: ReadonlyMap<string, readonly Acknowledgement[]>;
}

/** Separates the acknowledgements of answers that are shown, `answers` by their ids, from the messages. */
export function separated(messages: readonly MessagePartsFragment[], liveTurnId: string | null): Separated {
  const answers = new Set(messages.map(({ id }) => id));
  if (liveTurnId !== null) answers.add(liveTurnId);
  const acknowledgements = new Map<string, Acknowledgement[]>();
  const others = messages.filter(({ id, content: text, acknowledges }) => {
    if (!acknowledges || !answers.has(acknowledges.turnId)) return true;
    const { turnId, offset } = acknowledges;
    acknowledgements.set(turnId, [...(acknowledgements.get(turnId) ?? []), { id, text, offset }]);
    return false;
  });
  return acknowledgements.size === 0
    ? { messages, acknowledgements }
    : { messages: others, acknowledgements };
}
