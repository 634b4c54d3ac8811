import type { ConversationStatus, ModelErrorCode } from '../../core/domain/vocabulary.ts';

/**
 * One thing that happens in a seeded conversation.
 * `you`: the user says it. `ai`: an answer, spoken to its end. `cut`: an answer, interrupted after these words.
 * `fault`: an answer that failed, with this code, before it said anything.
 */
export type Line =
  | { readonly you: string }
  | { readonly ai: string }
  | { readonly cut: string }
  | { readonly fault: ModelErrorCode };

/** A conversation as it is written down; times and ids are given to it later. */
export interface Dialogue {
  readonly model: string;
  /** How it stands after its last line. */
  readonly status: ConversationStatus;
  /** Set when the user renamed it; else it bears its first message's words. */
  readonly renamed?: string;
  readonly lines: readonly Line[];
}
