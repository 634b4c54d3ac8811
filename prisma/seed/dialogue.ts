import type { ConversationStatus, ModelErrorCode } from '../../core/domain/vocabulary.ts';

/**
 * One event of a seeded conversation.
 * `you`: a message of the user. `ai`: a complete answer. `cut`: an answer that was interrupted after these words.
 * `fault`: an answer that failed with this code before its first word.
 */
export type Line =
  | { readonly you: string }
  | { readonly ai: string }
  | { readonly cut: string }
  | { readonly fault: ModelErrorCode };

/** A prepared conversation, without times and ids. */
export interface Dialogue {
  readonly model: string;
  /** Its status after the last line. */
  readonly status: ConversationStatus;
  /** The title, if the user renamed it; else it comes from the first message. */
  readonly renamed?: string;
  readonly lines: readonly Line[];
}
