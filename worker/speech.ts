import { onAbort } from '../core/async/on-abort.ts';
import type { Pacing } from '../core/domain/vocabulary.ts';
import { Pacer } from '../core/speech/pacer.ts';
import { storable } from '../core/text/storable.ts';

export interface SpeechOptions {
  pacing: Pacing;
  /** Words a minute at READING pace. */
  readingWpm: number;
  /** A monotonic clock, in milliseconds. */
  now: () => number;
  /** Speaks what is due. Returns false when the turn may no longer be spoken. */
  say: (text: string, tokens: number) => Promise<boolean>;
  /** Aborts when the turn may no longer be spoken. */
  signal: AbortSignal;
  /** Aborts when everything must be spoken at once from then on. */
  fastForward?: AbortSignal | undefined;
  /** What of the text was spoken before: the text that is produced continues it. Default: nothing. */
  heard?: string;
  /**
   * Called when the text has been produced, maybe with the error of the source, while what is left is spoken. `leftMs`: how
   * long that takes. Resolves to true when another job speaks what is left. Never rejects.
   */
  leave?: ((production: { fault: unknown; leftMs: () => number }) => Promise<boolean>) | undefined;
  /** Called with how late words were spoken, in milliseconds. */
  onSaid?: ((lagMs: number) => void) | undefined;
}

/** How speech ended. `left`: another job speaks what is left. `cut off`: the turn may no longer be spoken. */
export type SpeechOutcome = 'whole' | 'left' | 'cut off';

/**
 * Turns that are due within this time speak together, in milliseconds: one write to the feed for all of them instead of one
 * each. It is added to the time at which words are heard.
 */
const BEAT_MS = 5;

/** Produces the text to speak. `isSilent` returns whether all text produced so far has been spoken. */
export type SpeechSource = (isSilent: () => boolean) => AsyncIterable<string>;

/**
 * Speaks a text with its pacing while it is being produced. Rejects with the error of the source, after speaking everything
 * before the error.
 */
export async function speak(source: SpeechSource, options: SpeechOptions): Promise<SpeechOutcome> {
  const { pacing, readingWpm, heard, say, now, signal, fastForward, leave, onSaid } = options;
  const pacer = new Pacer({ pacing, readingWpm, ...(heard !== undefined && { heard }) });
  const produced = new Notifier();
  const removeListener = onAbort(signal, () => produced.notify());
  const removeHurry =
    fastForward &&
    onAbort(fastForward, () => {
      pacer.fastForward(now());
      produced.notify();
    });
  let fault: Fault | null = null;

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
  const leftMs = () => Math.max(0, (pacer.lastDueAt() ?? 0) - now());
  let isLeft = false;
  if (leave)
    void production.then(async () => {
      isLeft = await leave({ fault: (fault as Fault | null)?.error ?? null, leftMs });
      produced.notify();
    });

  try {
    while (!signal.aborted && !isLeft && !pacer.done) {
      const dueAt = pacer.nextDueAt();
      const due = pacer.take(now());
      if (due) {
        if (!(await say(storable(due.text), due.tokens))) return 'cut off';
        if (dueAt !== null) onSaid?.(Math.max(0, now() - dueAt));
      } else {
        await produced.wait(pacer.nextDueAt(), now);
      }
    }
  } finally {
    removeListener();
    removeHurry?.();
  }
  if (signal.aborted) return 'cut off';
  if (isLeft && !pacer.done) return 'left';
  await production;
  if (fault) throw (fault as Fault).error;
  return 'whole';
}

/** The error of a source, which may be any value. */
interface Fault {
  error: unknown;
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
