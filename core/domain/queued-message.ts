/** A message that waits for the answer before it to end, as its conversation's row stores it. */
export interface QueuedMessage {
  /** A UUIDv7. The message that it becomes gets another one. */
  id: string;
  text: string;
  clientMessageId: string | null;
  /** When it was accepted, in Unix milliseconds. */
  createdAt: number;
  /** Set if it waits only for the end of the sentence that this turn is speaking. */
  afterSentenceOf?: string;
}
