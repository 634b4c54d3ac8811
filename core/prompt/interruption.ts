import { INTERRUPTION_LINES as lines } from '../domain/texts.ts';
import { completedLength } from '../speech/sentences.ts';
import { firstUnits, lastUnits } from '../text/graphemes.ts';
import { quoted } from '../text/quoted.ts';

/** The longest quote of a text in the context, in UTF-16 code units; the full message is in the history. */
export const QUOTED_UNITS = 1_000;

/** The text that was spoken before the user interrupted, split at the end of its last complete sentence. */
export interface Interruption {
  /** All complete sentences; empty if there is none. */
  completed: string;
  /** The sentence that was cut off; empty if the interruption came between two sentences. */
  unfinished: string;
}

/**
 * Splits the spoken text into its complete sentences and the one that was cut off. Only white space is lost: the trimmed
 * text is `completed`, white space, `unfinished`, each trimmed. {@link completedLength} decides where a sentence ends.
 */
export function analyzeInterruption(spoken: string): Interruption {
  const end = completedLength(spoken);
  return { completed: spoken.slice(0, end).trim(), unfinished: spoken.slice(end).trim() };
}

/**
 * The part of the system message that states where the model's answer was cut off, and by which message.
 *
 * It has one line each for the complete sentences, the unfinished sentence and the user's message. An empty one is left out;
 * if nothing was heard, a line says so. The texts are quoted by {@link quoted}, so that none of them can add a line or end
 * its quotes. Texts longer than {@link QUOTED_UNITS} are shortened with an ellipsis: the end of the spoken text is kept, and
 * the beginning of the user's.
 */
export function interruptionContext(input: { spoken: string; userText: string }): string {
  const { completed, unfinished } = analyzeInterruption(input.spoken);
  const userText = input.userText.trim();
  return [
    lines.opening,
    ...(completed || unfinished ? [] : [lines.nothingHeard]),
    ...(completed ? [lines.completed(quoted(endOf(completed)))] : []),
    ...(unfinished ? [lines.unfinished(quoted(endOf(unfinished)))] : []),
    ...(userText ? [lines.cutInWith(quoted(beginningOf(userText)))] : []),
    lines.closing,
  ].join('\n');
}

function endOf(text: string): string {
  return text.length <= QUOTED_UNITS ? text : `…${lastUnits(text, QUOTED_UNITS)}`;
}

function beginningOf(text: string): string {
  return text.length <= QUOTED_UNITS ? text : `${firstUnits(text, QUOTED_UNITS)}…`;
}
