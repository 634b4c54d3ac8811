import type { MessageRole } from '../domain/vocabulary.ts';

/** The least that the window needs to know of a message; what else it carries comes out with it. */
export interface ContextMessage {
  role: MessageRole;
  content: string;
}

export interface ContextWindowOptions<T extends ContextMessage> {
  /** The most messages of users and assistants; system messages come on top. At least 1. */
  maxMessages: number;
  /** The most tokens of all that is kept, without what a provider's framing adds to each message. */
  maxTokens: number;
  /** Of a message's content. Called at most once for each message, and not for those that are out of the question. */
  tokensOf: (message: T) => number;
  /** Whether the first of the messages given is the first of the conversation: an answer there is a greeting. */
  startsAtBeginning: boolean;
}

export interface ContextWindow<T extends ContextMessage> {
  /** In the order given, unchanged. */
  messages: T[];
  /** Of all the contents kept, together. */
  tokens: number;
}

/**
 * What a model is shown of a conversation, given oldest first.
 *
 * - The newest user message is kept, whatever the limits: it is what is to be answered. It is the only one that may go over them.
 * - System messages come next, newest first, as far as the tokens reach.
 * - Then the newest of the rest, each whole, until one does not fit: what is older is dropped with it.
 * - The window never begins with an answer whose question was cut off: such answers are dropped too. A greeting that
 *   begins the conversation stays.
 */
export function contextWindow<T extends ContextMessage>(
  messages: readonly T[],
  options: ContextWindowOptions<T>,
): ContextWindow<T> {
  const { maxMessages, maxTokens, tokensOf, startsAtBeginning } = options;
  /** The tokens of the messages kept, by index. */
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
