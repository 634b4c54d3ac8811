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

/** The answer that a model is asked for. */
export interface PromptedAnswer {
  cause: TurnCause;
  /** What the user has heard of it already, where a fault of ours broke it off; empty when it is yet to begin. */
  spoken: string;
}

/**
 * What the model is asked, in the one shape that the servers of all models accept:
 *
 * - one system message, the first: who the model is, the conversation's instructions, and what this moment needs;
 * - then user and assistant in turn, from a user's message to a user's, as {@link exchangeOf} makes them;
 * - where the answer broke off, what was heard of it, and a user's message that quotes the end and asks to continue.
 *
 * `shown`: the part of the history that there is room for. Where an answer was cut off is told though it is not in it.
 * What the AI said after the message that it is to answer is left out: an earlier try, or a nudge.
 */
export function promptFor(
  answer: PromptedAnswer,
  history: readonly SaidMessage[],
  shown: readonly SaidMessage[] = history,
): PromptMessage[] {
  // What changes from call to call comes last, so that providers can cache what is before it.
  const system = [SYSTEM_PROMPT, ...instructionsIn(shown), ...momentOf(answer, history)].join(SEAM);
  return [{ role: 'system', content: system }, ...exchangeOf(shown), ...continuationOf(answer)];
}

/** What a prompt asks: its last message of the user, which a request to continue is not. */
export function questionIn(prompt: readonly PromptMessage[]): string {
  const asked = prompt.findLast(({ role, content }) => role === 'user' && !isContinueRequest(content));
  return (asked ?? prompt.at(-1))?.content ?? '';
}

export function isContinueRequest(content: string): boolean {
  return content.startsWith(CONTINUE_REQUEST);
}

/** What is asked of the model throughout the conversation. */
function instructionsIn(said: readonly SaidMessage[]): string[] {
  const instructions = said.filter(({ role, content }) => role === 'SYSTEM' && !isBlank(content));
  return instructions.map(({ content }) => content);
}

/** What is asked of it for this answer only. */
function momentOf(answer: PromptedAnswer, history: readonly SaidMessage[]): string[] {
  const interrupted = interruptionOf(history);
  return [
    ...(interrupted ? [interrupted] : []),
    ...(answer.cause === 'GREETING' ? [GREETING_INSTRUCTION] : []),
    ...(isBlank(answer.spoken) ? [] : [CONTINUE_INSTRUCTION]),
  ];
}

/** An answer has begun once something other than white space was heard. */
function continuationOf({ spoken }: PromptedAnswer): PromptMessage[] {
  if (isBlank(spoken)) return [];
  const end = quoted(lastUnits(spoken, OVERLAP_UNITS));
  return [
    { role: 'assistant', content: spoken },
    { role: 'user', content: `${CONTINUE_REQUEST} ${end}` },
  ];
}

/**
 * The answer that the newest user messages cut off, told to the model; null when they cut off none. A later answer is an
 * earlier try at this one, or a nudge.
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
