import { wait } from '../core/async/wait.ts';
import type { Pacing } from '../core/domain/vocabulary.ts';
import { Pacer } from '../core/speech/pacer.ts';
import { storable } from '../core/text/storable.ts';

export interface SpeechOptions {
  pacing: Pacing;
  /** Milliseconds of any steady clock. */
  now: () => number;
  /** Speaks what is due; answers false when the turn may not be spoken any more. */
  say: (text: string, tokens: number) => Promise<boolean>;
  /** Aborted when the turn may not be spoken any more. */
  signal: AbortSignal;
  /** Told how long after they were due words had been said, in milliseconds. */
  onSaid?: ((lagMs: number) => void) | undefined;
}

/** Produces what is to be spoken. `isSilent` answers whether nothing that it has produced waits to be spoken. */
export type SpeechSource = (isSilent: () => boolean) => AsyncIterable<string>;

/**
 * Speaks a text while it is being produced, at its pace. Resolves to true when all of it was said, to false when it
 * was cut off; rejects with what the source threw, after all that came before was said.
 */
export async function speak(source: SpeechSource, options: SpeechOptions): Promise<boolean> {
  const { say, now, signal, onSaid } = options;
  const pacer = new Pacer({ pacing: options.pacing });
  const news = new Bell();
  let fault: { error: unknown } | null = null;

  const production = (async () => {
    try {
      for await (const text of source(() => pacer.idle)) {
        pacer.push(text, now());
        news.ring();
      }
    } catch (error) {
      fault = { error };
    } finally {
      pacer.finish(now());
      news.ring();
    }
  })();

  while (!signal.aborted && !pacer.done) {
    const dueAt = pacer.nextDueAt();
    const due = pacer.take(now());
    if (due) {
      if (!(await say(storable(due.text), due.tokens))) return false;
      if (dueAt !== null) onSaid?.(Math.max(0, now() - dueAt));
    } else {
      await news.heard(pacer.nextDueAt(), now, signal);
    }
  }
  if (signal.aborted) return false;
  await production;
  if (fault) throw (fault as { error: unknown }).error;
  return true;
}

/** Wakes one waiter; a ring that nobody waited for is remembered. */
class Bell {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves when it rings, at the time `due`, or when the signal aborts. */
  async heard(due: number | null, now: () => number, signal: AbortSignal): Promise<void> {
    if (!this.#rung) {
      const over = new AbortController();
      const stop = () => over.abort();
      signal.addEventListener('abort', stop, { once: true });
      this.#wake = stop;
      await wait(due === null ? FOREVER_MS : Math.max(0, due - now()), over.signal);
      this.#wake = null;
      signal.removeEventListener('abort', stop);
    }
    this.#rung = false;
  }
}

/** The longest that a Node timer can wait. */
const FOREVER_MS = 2 ** 31 - 1;
