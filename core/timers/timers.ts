import type { JobProducer } from '../queue/job-producer.ts';
import type { TimerJob } from '../queue/jobs.ts';
import type { Log } from '../telemetry/log.ts';

export interface TimersOptions {
  jobs: Pick<JobProducer<TimerJob>, 'arm' | 'disarm' | 'isArmed'>;
  idleNudgeMs: number;
  idleEndMs: number;
  typingNudgeMs: number;
  log: Log;
}

/** How long after the last report a user no longer counts as typing, in milliseconds. */
export const TYPING_LAPSES_MS = 10_000;

/** How long a message waits at most for the end of a sentence, in milliseconds. */
const SENTENCE_ENDS_WITHIN_MS = 5_000;

/**
 * The timers of silence and typing: delayed jobs, one of each kind per conversation, which every activity arms again. A timer
 * has no state of its own; when it fires, the worker checks the facts.
 * The methods never reject: a timer that could not be armed is armed by the next activity.
 */
export class Timers {
  readonly #options: TimersOptions;

  constructor(options: TimersOptions) {
    this.#options = options;
  }

  /**
   * Restarts the silence: something was said, or somebody came back. `turnId`: the conversation's newest turn; null: not
   * known. `nudged`: that turn was a nudge, so the end comes next.
   */
  async activity(
    conversationId: string,
    { turnId, nudged }: { turnId: string | null; nudged: boolean },
  ): Promise<void> {
    const { jobs, idleNudgeMs, idleEndMs } = this.#options;
    await this.#orTrue(conversationId, () =>
      jobs.arm({ kind: 'idle', conversationId, turnId, nudged }, nudged ? idleEndMs : idleNudgeMs),
    );
  }

  /** Arms a timer that has fired to check again after `ms`. */
  async lookAgain(job: TimerJob, ms: number): Promise<void> {
    await this.#orTrue(job.conversationId, () => this.#options.jobs.arm(job, ms));
  }

  /** Ends the sentence of a turn in {@link SENTENCE_ENDS_WITHIN_MS} if its speaker has not. Has no effect while it is armed. */
  async endSentenceInTime(conversationId: string, turnId: string): Promise<void> {
    const { jobs } = this.#options;
    const end: TimerJob = { kind: 'sentence-end', conversationId, turnId };
    await this.#orTrue(conversationId, async () => {
      if (!(await jobs.isArmed(end))) await jobs.arm(end, SENTENCE_ENDS_WITHIN_MS);
      return true;
    });
  }

  /** The user types. Returns whether they have just started. */
  async typing(conversationId: string): Promise<boolean> {
    const { jobs, typingNudgeMs } = this.#options;
    const lapse: TimerJob = { kind: 'typing-lapse', conversationId };
    return this.#orTrue(conversationId, async () => {
      const wasTyping = await jobs.isArmed(lapse);
      await jobs.arm(lapse, TYPING_LAPSES_MS);
      if (!wasTyping) await jobs.arm({ kind: 'typing-nudge', conversationId }, typingNudgeMs);
      return !wasTyping;
    });
  }

  /** Whether the user has reported typing in the last {@link TYPING_LAPSES_MS}. */
  async isTyping(conversationId: string): Promise<boolean> {
    const { jobs } = this.#options;
    return this.#orTrue(conversationId, () => jobs.isArmed({ kind: 'typing-lapse', conversationId }));
  }

  /** The last report of typing has expired: disarms the encouragement. */
  async typingLapsed(conversationId: string): Promise<void> {
    const { jobs } = this.#options;
    await this.#orTrue(conversationId, () => jobs.disarm({ kind: 'typing-nudge', conversationId }));
  }

  /** The user has stopped typing. Returns whether they were typing. */
  async typingStopped(conversationId: string): Promise<boolean> {
    const { jobs } = this.#options;
    return this.#orTrue(conversationId, async () => {
      const wasTyping = await jobs.disarm({ kind: 'typing-lapse', conversationId });
      if (wasTyping) await jobs.disarm({ kind: 'typing-nudge', conversationId });
      return wasTyping;
    });
  }

  /** Returns true when the queue is unavailable: publishing once too often that typing started or stopped does no harm. */
  async #orTrue<T>(conversationId: string, set: () => Promise<T>): Promise<T | true> {
    try {
      return await set();
    } catch (err) {
      this.#options.log.warn({ err, conversationId }, 'timer was not armed');
      return true;
    }
  }
}
