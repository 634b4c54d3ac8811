import { interruptionContext } from './interruption.ts';
import { CONTINUE_INSTRUCTION, GREETING_INSTRUCTION, SYSTEM_PROMPT } from './texts.ts';
import type { MessageRole, MessageStatus, TurnCause } from './vocabulary.ts';

export interface PromptMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** A message of the history, oldest first. */
export interface SaidMessage {
  role: MessageRole;
  content: string;
  status: MessageStatus;
}

/**
 * What the model is asked: who it is, what was said, where it was cut off, and, when its answer was broken off by a
 * fault of ours, `spoken`: what the user has heard of it already.
 *
 * `shown`: the part of the history that there is room for; where it was cut off is told though that answer is not in it.
 * An answer without a word is left out, as some providers refuse it; so is what the AI said after the message that it
 * is to answer: an earlier try, or a nudge.
 */
export function promptFor(
  turn: { cause: TurnCause; spoken: string },
  history: readonly SaidMessage[],
  shown: readonly SaidMessage[] = history,
): PromptMessage[] {
  const prompt: PromptMessage[] = [{ role: 'system', content: SYSTEM_PROMPT }];
  for (const { role, content } of upToQuestion(turn.cause, shown)) {
    if (role !== 'ASSISTANT' || content.trim() !== '') prompt.push({ role: ROLES[role], content });
  }
  const interrupted = interruptionOf(upToQuestion(turn.cause, history));
  if (interrupted) prompt.push({ role: 'system', content: interrupted });
  if (turn.cause === 'GREETING') prompt.push({ role: 'system', content: GREETING_INSTRUCTION });
  if (turn.spoken !== '') {
    prompt.push(
      { role: 'assistant', content: turn.spoken },
      { role: 'system', content: CONTINUE_INSTRUCTION },
    );
  }
  return prompt;
}

/** What had been said when the question was asked that is answered now; all of it, where none was. */
function upToQuestion(cause: TurnCause, said: readonly SaidMessage[]): readonly SaidMessage[] {
  if (cause === 'GREETING') return said.filter(({ role }) => role !== 'ASSISTANT');
  const question = said.findLastIndex(({ role }) => role === 'USER');
  return question < 0 ? said : said.slice(0, question + 1);
}

const ROLES = { USER: 'user', ASSISTANT: 'assistant', SYSTEM: 'system' } as const;

/** The answer that the newest user messages cut off, told to the model; null when they cut off none. */
function interruptionOf(history: readonly SaidMessage[]): string | null {
  const before = history.findLastIndex(({ role }) => role === 'ASSISTANT');
  const answer = history[before];
  const said = history.slice(before + 1).filter(({ role }) => role === 'USER');
  if (answer?.status !== 'INTERRUPTED' || said.length === 0) return null;
  return interruptionContext({
    spoken: answer.content,
    userText: said.map(({ content }) => content).join('\n'),
  });
}
