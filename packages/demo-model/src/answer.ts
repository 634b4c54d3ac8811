import type { ChatMessage } from './chat-request.ts';
import { replyTo } from './reply.ts';
import { GREETING } from './texts.ts';

/**
 * The demo model's answer to these messages. The same messages get the same answer, so that one that broke off can be
 * continued. Empty if the answer to continue is complete.
 */
export function answerTo(messages: readonly ChatMessage[]): string {
  const [partial, last] = [messages.at(-2), messages.at(-1)];
  if (partial?.role === 'assistant' && last?.role === 'user' && CONTINUE_REQUEST.test(last.content))
    return continued(partial.content, answerTo(messages.slice(0, -2)));
  const asked = messages.findLast(({ role }) => role === 'user')?.content;
  if (asked === undefined || NOTHING_SAID.test(asked)) return GREETING;
  const reply = replyTo(asked);
  return messages.some(isInterruptionContext)
    ? `You cut me off there. To what you say now:\n\n${reply}`
    : reply;
}

/** TaskFlow's own messages in the role of the user, matched by their beginning: to continue an answer, and to speak first. */
const CONTINUE_REQUEST = /^Your answer broke off\b/;
const NOTHING_SAID = /^\(The user has joined\b/;

function continued(partial: string, whole: string): string {
  return whole.startsWith(partial) ? whole.slice(partial.length) : ' … My prepared text ends here.';
}

/** Only a system message has one, at the beginning of a line: the same words of a user are plain text. */
function isInterruptionContext({ role, content }: ChatMessage): boolean {
  return role === 'system' && /^\[INTERRUPTION CONTEXT\]/m.test(content);
}
