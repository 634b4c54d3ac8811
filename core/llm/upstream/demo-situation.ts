import type { ChatMessage } from '@taskflow/demo-model';
import { INTERRUPTION_LINES, NOTHING_SAID } from '../../domain/texts.ts';
import { isContinueRequest } from '../../prompt/prompt.ts';

/** What is asked of the demo model at this point of a conversation. */
export type DemoSituation =
  /** Speak first. */
  | { kind: 'greeting' }
  /** An answer was begun elsewhere: go on from `spoken`, to the character. `before` are the messages it answers. */
  | { kind: 'resume'; spoken: string; before: readonly ChatMessage[] }
  /** Answer the user; `interrupted` when they cut in on the last answer. */
  | { kind: 'answer'; text: string; interrupted: boolean };

export function readSituation(messages: readonly ChatMessage[]): DemoSituation {
  const [beforeLast, last] = [messages.at(-2), messages.at(-1)];
  if (last?.role === 'assistant')
    return { kind: 'resume', spoken: last.content, before: messages.slice(0, -1) };
  if (beforeLast?.role === 'assistant' && last?.role === 'user' && isContinueRequest(last.content))
    return { kind: 'resume', spoken: beforeLast.content, before: messages.slice(0, -2) };
  const asked = messages.findLast(({ role }) => role === 'user');
  if (!asked || asked.content === NOTHING_SAID) return { kind: 'greeting' };
  return { kind: 'answer', text: asked.content, interrupted: messages.some(tellsOfInterruption) };
}

/** Only a system message does, in a paragraph of its own: the same words of a user are just text. */
function tellsOfInterruption({ role, content }: ChatMessage): boolean {
  return (
    role === 'system' && content.split('\n\n').some((part) => part.startsWith(INTERRUPTION_LINES.opening))
  );
}
