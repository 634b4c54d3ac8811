import { INTERRUPTION_LINES as lines } from '../domain/texts.ts';
import { completedLength } from '../speech/sentences.ts';
import { firstUnits, lastUnits } from '../text/graphemes.ts';
import { quoted } from '../text/quoted.ts';

/** Of each quoted text at most this many UTF-16 code units go into the context; the message itself is in the history in full. */
export const QUOTED_UNITS = 1_000;

/** What had been said when the user cut in, split at the end of its last whole sentence. */
export interface Interruption {
  /** Every whole sentence; empty when there is none. */
  completed: string;
  /** The sentence that was cut off; empty when the cut fell between two. */
  unfinished: string;
}

/**
 * Splits what was spoken into its whole sentences and the one that was cut off. Nothing is lost but white space: the trimmed
 * text is `completed`, white space, `unfinished`, each trimmed. What ends a sentence is {@link completedLength}'s to say.
 */
export function analyzeInterruption(spoken: string): Interruption {
  const end = completedLength(spoken);
  return { completed: spoken.slice(0, end).trim(), unfinished: spoken.slice(end).trim() };
}

/**
 * The part of the system message that tells a model where its answer was cut off and by what.
 *
 * One line each for what was said in whole, what was being said, and what the user says; a line with nothing to tell is left
 * out, and where nothing at all had been heard, a line says so. The texts are quoted by {@link quoted}, so that none
 * of them can add a line or end its quotes. Longer ones than {@link QUOTED_UNITS} are cut, an ellipsis in their place:
 * of the spoken its end is kept, of the user's its beginning.
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
