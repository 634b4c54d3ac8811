import { AsyncResource } from 'node:async_hooks';
import type { JobProducer } from '../queue/job-producer.ts';
import type { Log } from '../telemetry/log.ts';
import { type InferenceRecord, inferenceRecord } from './inference-record.ts';

export interface InferenceLogOptions {
  jobs: Pick<JobProducer<InferenceRecord>, 'add'>;
  log: Log;
  /** Told how many records were lost, each time that some are. */
  onLost?: (count: number) => void;
}

/** How many records wait at most while the queue is away, and how many characters they may have: minutes of a busy worker. */
const CAPACITY = 2_000;
const CAPACITY_CHARACTERS = 16_000_000;
/** Between two tries while the queue is away, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * Takes the record of each call and has it stored by a job. Taking one never fails and never waits. While the queue is
 * away records wait here, a bounded number of them; what is more than that is lost, and counted, as is one that no
 * queue would take: it must not keep the others waiting.
 */
export class InferenceLog {
  readonly #options: InferenceLogOptions;
  readonly #waiting: Waiting[] = [];
  #characters = 0;
  #sending: Promise<void> | null = null;
  #retry: NodeJS.Timeout | undefined;
  /** How many records could not be queued. */
  lost = 0;

  constructor(options: InferenceLogOptions) {
    this.#options = options;
  }

  record(record: InferenceRecord): void {
    const { success, error } = inferenceRecord.safeParse(record);
    if (!success) return this.#lose(1, { err: error });
    const size = sizeOf(record);
    if (this.#waiting.length < CAPACITY && this.#characters + size <= CAPACITY_CHARACTERS) {
      // In the trace of its own call, whichever call the queue is being written for.
      const add = AsyncResource.bind(() => this.#options.jobs.add(record));
      this.#waiting.push({ size, add });
      this.#characters += size;
    } else this.#lose(1, AWAY);
    void this.#send();
  }

  /** Tries once more to queue what waits; idempotent. */
  async stop(): Promise<void> {
    await this.#sending;
    await this.#send();
    clearTimeout(this.#retry);
    this.#lose(this.#waiting.splice(0).length, AWAY);
  }

  #send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
        await next.add().catch((err) => {
          if (!isRefusal(err)) throw err;
          this.#lose(1, { err });
        });
        this.#waiting.shift();
        this.#characters -= next.size;
      }
    } catch (err) {
      this.#options.log.debug({ err, waiting: this.#waiting.length }, 'inference records wait for the queue');
      this.#retry = setTimeout(() => void this.#send(), RETRY_MS);
      this.#retry.unref();
    }
  }

  #lose(count: number, why: object): void {
    if (count === 0) return;
    this.lost += count;
    this.#options.onLost?.(count);
    this.#options.log.warn({ lost: this.lost, ...why }, 'records of calls to models were lost');
  }
}

const AWAY = { reason: 'the queue is away' };

/** Whether PostgreSQL refuses what it was given (SQLSTATE class 22, data exceptions), now and whenever it is asked. */
function isRefusal(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code);
}

interface Waiting {
  /** In characters. */
  size: number;
  add: () => Promise<void>;
}

function sizeOf({ input, output, errorMessage }: InferenceRecord): number {
  return (input?.length ?? 0) + (output?.length ?? 0) + (errorMessage?.length ?? 0);
}
