import type { MessageRole } from '../domain/vocabulary.ts';

/** The fields of a message that the window needs. Other fields are kept. */
export interface ContextMessage {
  role: MessageRole;
  content: string;
}

export interface ContextWindowOptions<T extends ContextMessage> {
  /** The most messages of users and assistants, without system messages. At least 1. */
  maxMessages: number;
  /** The most tokens of the kept messages, without what a provider's framing adds to each message. */
  maxTokens: number;
  /** The tokens of a message's content. Called at most once per message, and not for messages that cannot fit. */
  tokensOf: (message: T) => number;
  /** Whether the first given message is the first of the conversation: an answer there is a greeting. */
  startsAtBeginning: boolean;
}

export interface ContextWindow<T extends ContextMessage> {
  /** In the given order, unchanged. */
  messages: T[];
  /** The sum over the kept messages. */
  tokens: number;
}

/**
 * Selects the messages of a conversation that a model receives. `messages` are in order, oldest first.
 *
 * - The newest user message, the one to answer, is always kept. Only this one may exceed the limits.
 * - System messages come next, newest first, as long as they fit.
 * - Then the newest of the rest, each whole, until one does not fit: it and all older ones are dropped.
 * - The window never begins with an answer whose question was dropped: such answers are dropped too. A greeting that
 *   begins the conversation stays.
 */
export function contextWindow<T extends ContextMessage>(
  messages: readonly T[],
  options: ContextWindowOptions<T>,
): ContextWindow<T> {
  const { maxMessages, maxTokens, tokensOf, startsAtBeginning } = options;
  /** The tokens of the kept messages, by index. */
  const kept = new Map<number, number>();
  let tokensLeft = maxTokens;
  const keepNewest = (wanted: (role: MessageRole) => boolean, max: number): void => {
    let left = max;
    for (let at = messages.length - 1; at >= 0 && left > 0 && tokensLeft > 0; at -= 1) {
      const message = messages[at];
      if (!message || kept.has(at) || !wanted(message.role)) continue;
      const tokens = tokensOf(message);
      if (tokens > tokensLeft) return;
      kept.set(at, tokens);
      tokensLeft -= tokens;
      left -= 1;
    }
  };

  const newestUser = messages.findLastIndex(({ role }) => role === 'USER');
  const question = messages[newestUser];
  if (question) {
    const tokens = tokensOf(question);
    kept.set(newestUser, tokens);
    tokensLeft -= tokens;
  }
  keepNewest((role) => role === 'SYSTEM', messages.length);
  keepNewest((role) => role !== 'SYSTEM', maxMessages - (question ? 1 : 0));

  const beginning = messages.findIndex(({ role }) => role !== 'SYSTEM');
  if (!startsAtBeginning || !kept.has(beginning)) dropLeadingAnswers(messages, kept);

  return {
    messages: messages.filter((_, at) => kept.has(at)),
    tokens: [...kept.values()].reduce((sum, tokens) => sum + tokens, 0),
  };
}

function dropLeadingAnswers(messages: readonly ContextMessage[], kept: Map<number, number>): void {
  for (const [at, { role }] of messages.entries()) {
    if (role === 'USER' && kept.has(at)) return;
    if (role === 'ASSISTANT') kept.delete(at);
  }
}
