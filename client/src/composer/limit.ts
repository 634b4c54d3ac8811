/** The longest message, after trimming (the contract's SendMessageInput.text). */
export const MAX_LENGTH = 32_000;

/** The longest title, in characters (the contract's UpdateConversationInput.title). */
export const LONGEST_TITLE = 200;

/** From this length on, the number of characters left is shown. */
const NEAR_LENGTH = 30_000;

/** The number of characters left, or null while it is not shown; negative when there are too many. */
export function charactersLeft(text: string): number | null {
  const { length } = text.trim();
  return length < NEAR_LENGTH ? null : MAX_LENGTH - length;
}

/** Whether a text can be sent. */
export function isSendable(text: string): boolean {
  const { length } = text.trim();
  return length > 0 && length <= MAX_LENGTH;
}
