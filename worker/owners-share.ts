import { isSameOwner, LOCAL_OWNER } from '../core/domain/owner.ts';
import { LEASE_MS, type TurnSlots } from '../core/live/turn-slots/turn-slots.ts';
import type { JobContext } from '../core/queue/job-consumer.ts';
import type { JobProducer } from '../core/queue/job-producer.ts';
import type { TurnJob } from '../core/queue/jobs.ts';
import type { Log } from '../core/telemetry/log.ts';
import { untilAvailable } from './available.ts';

export interface OwnersShareOptions {
  slots: TurnSlots;
  jobs: Pick<JobProducer<TurnJob>, 'add'>;
  speak: (turn: TurnJob, signal: AbortSignal, attempt: number) => Promise<void>;
  log: Log;
}

/** Time between two renewals of a lease, in milliseconds. */
const RENEW_EVERY_MS = LEASE_MS / 3;

/**
 * Speaks turns, a limited number of each owner at once. A turn that gets no slot leaves the queue, so that others do not wait
 * behind it, and is added again when it is admitted. The local user of single-user mode has no limit.
 */
export class OwnersShare {
  readonly #options: OwnersShareOptions;
  /** Turns that got no slot and whose jobs are still in the queue. */
  readonly #leaving = new Set<string>();

  constructor(options: OwnersShareOptions) {
    this.#options = options;
  }

  async run(
    turn: TurnJob,
    { signal, attempt }: Pick<JobContext<TurnJob>, 'signal' | 'attempt'>,
  ): Promise<void> {
    const { slots, speak, log } = this.#options;
    if (isSameOwner(turn, LOCAL_OWNER)) return speak(turn, signal, attempt);
    const { isHeld, admitted } = await untilAvailable(() => slots.take(turn), signal);
    await this.#add(admitted);
    if (!isHeld) return void this.#leaving.add(turn.turnId);
    const onFault = (err: unknown) => log.debug({ err, ...turn }, 'the slot of a turn was not renewed');
    const renewal = setInterval(() => void slots.renew(turn).catch(onFault), RENEW_EVERY_MS);
    try {
      await speak(turn, signal, attempt);
    } finally {
      clearInterval(renewal);
    }
    // A turn that is handed over keeps its slot until the lease expires, and is the first to get it back.
    await this.#release(turn);
  }

  /** Called when a turn's job has left the queue. A turn that was admitted before that could not be added, so it is added now. */
  async done(turn: TurnJob): Promise<void> {
    const { slots, log } = this.#options;
    if (!this.#leaving.delete(turn.turnId)) return;
    const onFault = (err: unknown) => log.debug({ err, ...turn }, 'admission of a turn could not be checked');
    if (await slots.isAdmitted(turn).catch(onFault)) await this.#add([turn]);
  }

  /** Admits waiting turns to free slots, as after the death of a speaker, and adds their jobs. */
  async admit(): Promise<void> {
    await this.#add(await this.#options.slots.admit());
  }

  /** A slot that could not be released expires. */
  async #release(turn: TurnJob): Promise<void> {
    const { slots, log } = this.#options;
    const onFault = (err: unknown) => log.debug({ err, ...turn }, 'the slot of a turn was not released');
    await slots.release(turn).then((admitted) => this.#add(admitted), onFault);
  }

  /** A turn whose job could not be added is admitted again when its lease has expired. */
  async #add(turns: readonly TurnJob[]): Promise<void> {
    const { jobs, log } = this.#options;
    const onFault = (err: unknown) => log.debug({ err }, 'an admitted turn was not queued');
    await Promise.all(turns.map((turn) => jobs.add(turn).catch(onFault)));
  }
}
