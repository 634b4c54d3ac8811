import {
  CONTINUE_INSTRUCTION,
  CONTINUE_REQUEST,
  GREETING_INSTRUCTION,
  SYSTEM_PROMPT,
} from '../domain/texts.ts';
import type { MessageRole, MessageStatus, TurnCause } from '../domain/vocabulary.ts';
import { lastUnits } from '../text/graphemes.ts';
import { quoted } from '../text/quoted.ts';
import { type ExchangeMessage, exchangeOf, isBlank, SEAM } from './exchange.ts';
import { interruptionContext } from './interruption.ts';
import { OVERLAP_UNITS } from './overlap.ts';

export type PromptMessage = ExchangeMessage | { role: 'system'; content: string };

/** A message of the history, oldest first. */
export interface SaidMessage {
  role: MessageRole;
  content: string;
  status: MessageStatus;
}

/** The answer that is requested from a model. */
export interface PromptedAnswer {
  cause: TurnCause;
  /** The part that the user has already heard, if a fault of TaskFlow broke the answer off; empty for a new answer. */
  spoken: string;
}

/**
 * The prompt for a model, in a form that the servers of all models accept:
 *
 * - first one system message: the model's role, the conversation's instructions, and the instructions for this answer;
 * - then user and assistant messages, alternating, beginning and ending with a user, from {@link exchangeOf};
 * - if the answer broke off: the part that was heard, and a user message that quotes its end and asks to continue.
 *
 * `shown`: the part of the history that fits. The interruption of an answer is stated even if the answer is not in it.
 * Answers after the message to answer are left out: they are earlier tries, or nudges.
 */
export function promptFor(
  answer: PromptedAnswer,
  history: readonly SaidMessage[],
  shown: readonly SaidMessage[] = history,
): PromptMessage[] {
  // The parts that change from call to call come last, so that providers can cache the beginning.
  const system = [SYSTEM_PROMPT, ...instructionsIn(shown), ...answerInstructions(answer, history)].join(SEAM);
  return [{ role: 'system', content: system }, ...exchangeOf(shown), ...continuationOf(answer)];
}

/** The question of a prompt: its last user message that is not a request to continue. */
export function questionIn(prompt: readonly PromptMessage[]): string {
  const asked = prompt.findLast(({ role, content }) => role === 'user' && !isContinueRequest(content));
  return (asked ?? prompt.at(-1))?.content ?? '';
}

export function isContinueRequest(content: string): boolean {
  return content.startsWith(CONTINUE_REQUEST);
}

/** The instructions for the whole conversation. */
function instructionsIn(said: readonly SaidMessage[]): string[] {
  const instructions = said.filter(({ role, content }) => role === 'SYSTEM' && !isBlank(content));
  return instructions.map(({ content }) => content);
}

/** The instructions for this answer only. */
function answerInstructions(answer: PromptedAnswer, history: readonly SaidMessage[]): string[] {
  const interrupted = interruptionOf(history);
  return [
    ...(interrupted ? [interrupted] : []),
    ...(answer.cause === 'GREETING' ? [GREETING_INSTRUCTION] : []),
    ...(isBlank(answer.spoken) ? [] : [CONTINUE_INSTRUCTION]),
  ];
}

/** The messages that ask to continue an answer. An answer has begun if something other than white space was heard. */
function continuationOf({ spoken }: PromptedAnswer): PromptMessage[] {
  if (isBlank(spoken)) return [];
  const end = quoted(lastUnits(spoken, OVERLAP_UNITS));
  return [
    { role: 'assistant', content: spoken },
    { role: 'user', content: `${CONTINUE_REQUEST} ${end}` },
  ];
}

/**
 * The context of the answer that the newest user messages interrupted; null if they interrupted none. A later answer is an
 * earlier try of this one, or a nudge.
 */
function interruptionOf(history: readonly SaidMessage[]): string | null {
  const question = history.findLastIndex(({ role }) => role === 'USER');
  const before = history.findLastIndex(({ role }, at) => role === 'ASSISTANT' && at < question);
  const answer = history[before];
  if (answer?.status !== 'INTERRUPTED') return null;
  const said = history.slice(before + 1, question + 1).filter(({ role }) => role === 'USER');
  return interruptionContext({
    spoken: answer.content,
    userText: said.map(({ content }) => content).join('\n'),
  });
}
