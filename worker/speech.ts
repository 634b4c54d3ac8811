import { onAbort } from '../core/async/on-abort.ts';
import type { Pacing } from '../core/domain/vocabulary.ts';
import { Pacer } from '../core/speech/pacer.ts';
import { storable } from '../core/text/storable.ts';

export interface SpeechOptions {
  pacing: Pacing;
  /** A monotonic clock, in milliseconds. */
  now: () => number;
  /** Speaks what is due. Returns false when the turn may no longer be spoken. */
  say: (text: string, tokens: number) => Promise<boolean>;
  /** Aborts when the turn may no longer be spoken. */
  signal: AbortSignal;
  /** Called with how late words were spoken, in milliseconds. */
  onSaid?: ((lagMs: number) => void) | undefined;
}

/**
 * Turns that are due within this time speak together, in milliseconds: one write to the feed for all of them instead of one
 * each. It is added to the time at which words are heard.
 */
const BEAT_MS = 5;

/** Produces the text to speak. `isSilent` returns whether all text produced so far has been spoken. */
export type SpeechSource = (isSilent: () => boolean) => AsyncIterable<string>;

/**
 * Speaks a text with its pacing while it is being produced. Resolves to true when all of it was spoken, to false when it was
 * cut off. Rejects with the error of the source, after speaking everything before the error.
 */
export async function speak(source: SpeechSource, options: SpeechOptions): Promise<boolean> {
  const { say, now, signal, onSaid } = options;
  const pacer = new Pacer({ pacing: options.pacing });
  const produced = new Notifier();
  const removeListener = onAbort(signal, () => produced.notify());
  let fault: { error: unknown } | null = null;

  const production = (async () => {
    try {
      for await (const text of source(() => pacer.idle)) {
        pacer.push(text, now());
        produced.notifyDue(pacer.nextDueAt());
      }
    } catch (error) {
      fault = { error };
    } finally {
      pacer.finish(now());
      produced.notify();
    }
  })();

  try {
    while (!signal.aborted && !pacer.done) {
      const dueAt = pacer.nextDueAt();
      const due = pacer.take(now());
      if (due) {
        if (!(await say(storable(due.text), due.tokens))) return false;
        if (dueAt !== null) onSaid?.(Math.max(0, now() - dueAt));
      } else {
        await produced.wait(pacer.nextDueAt(), now);
      }
    }
  } finally {
    removeListener();
  }
  if (signal.aborted) return false;
  await production;
  if (fault) throw (fault as { error: unknown }).error;
  return true;
}

/** Wakes one waiter. A notification without a waiter is kept for the next wait. */
class Notifier {
  #isNotified = false;
  #wake: (() => void) | null = null;
  /** When the waiter wakes by itself. */
  #wakesAt = Number.POSITIVE_INFINITY;

  notify(): void {
    this.#isNotified = true;
    this.#wake?.();
  }

  /** Something is due at this time; null: nothing is. Wakes the waiter only if it would wake too late for that. */
  notifyDue(due: number | null): void {
    if (!this.#wake || (due !== null && beatAfter(due) < this.#wakesAt)) this.notify();
  }

  /** Resolves at the next notification, or at the beat after the time `due`. */
  async wait(due: number | null, now: () => number): Promise<void> {
    if (!this.#isNotified) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#wakesAt = due === null ? Number.POSITIVE_INFINITY : beatAfter(due);
        // Timers are cut to whole milliseconds: one that ended before the beat would be followed by another.
        if (due !== null) timer = setTimeout(resolve, Math.max(0, Math.ceil(this.#wakesAt - now())));
      });
      clearTimeout(timer);
      this.#wake = null;
    }
    this.#isNotified = false;
  }
}

function beatAfter(time: number): number {
  return (Math.floor(time / BEAT_MS) + 1) * BEAT_MS;
}
