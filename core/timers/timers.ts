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

/** Somebody who does not say that they still type has stopped after this long, in milliseconds. */
export const TYPING_LAPSES_MS = 10_000;

/**
 * What happens when nothing happens: delayed jobs, one of each kind for a conversation, set anew by whatever does
 * happen. A timer has no state of its own; when it fires, the worker looks at the facts.
 * Its calls never fail: a timer that could not be set is set by the next activity.
 */
export class Timers {
  readonly #options: TimersOptions;

  constructor(options: TimersOptions) {
    this.#options = options;
  }

  /**
   * Something was said, or somebody came back: the silence begins anew. `turnId`: the conversation's newest turn,
   * null where it is not known. `nudged`: that turn was a nudge, so that the end comes next.
   */
  async activity(
    conversationId: string,
    { turnId, nudged }: { turnId: string | null; nudged: boolean },
  ): Promise<void> {
    const { jobs, idleNudgeMs, idleEndMs } = this.#options;
    await this.#quietly(conversationId, () =>
      jobs.arm({ kind: 'idle', conversationId, turnId, nudged }, nudged ? idleEndMs : idleNudgeMs),
    );
  }

  /** Looks again after `ms`, with what was known before. */
  async lookAgain(job: TimerJob, ms: number): Promise<void> {
    await this.#quietly(job.conversationId, () => this.#options.jobs.arm(job, ms));
  }

  /** The user types. Answers whether they have just begun. */
  async typing(conversationId: string): Promise<boolean> {
    const { jobs, typingNudgeMs } = this.#options;
    const lapse: TimerJob = { kind: 'typing-lapse', conversationId };
    return this.#quietly(conversationId, async () => {
      const wasTyping = await jobs.isArmed(lapse);
      await jobs.arm(lapse, TYPING_LAPSES_MS);
      if (!wasTyping) await jobs.arm({ kind: 'typing-nudge', conversationId }, typingNudgeMs);
      return !wasTyping;
    });
  }

  /** Whether the user types, as far as they said. */
  async isTyping(conversationId: string): Promise<boolean> {
    const { jobs } = this.#options;
    return this.#quietly(conversationId, () => jobs.isArmed({ kind: 'typing-lapse', conversationId }));
  }

  /** Nobody has said for a while that the user still types: whoever does not type needs no encouragement. */
  async typingLapsed(conversationId: string): Promise<void> {
    const { jobs } = this.#options;
    await this.#quietly(conversationId, () => jobs.disarm({ kind: 'typing-nudge', conversationId }));
  }

  /** The user has stopped typing. Answers whether they had been. */
  async typingStopped(conversationId: string): Promise<boolean> {
    const { jobs } = this.#options;
    return this.#quietly(conversationId, async () => {
      const wasTyping = await jobs.disarm({ kind: 'typing-lapse', conversationId });
      if (wasTyping) await jobs.disarm({ kind: 'typing-nudge', conversationId });
      return wasTyping;
    });
  }

  /** True when it could not be done: to say that somebody types, or types no more, once too often does no harm. */
  async #quietly<T>(conversationId: string, set: () => Promise<T>): Promise<T | true> {
    try {
      return await set();
    } catch (err) {
      this.#options.log.warn({ err, conversationId }, 'a timer could not be set');
      return true;
    }
  }
}
