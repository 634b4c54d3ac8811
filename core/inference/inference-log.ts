import { AsyncResource } from 'node:async_hooks';
import type { JobProducer } from '../queue/job-producer.ts';
import type { Log } from '../telemetry/log.ts';
import { type InferenceRecord, inferenceRecord } from './inference-record.ts';

export interface InferenceLogOptions {
  jobs: Pick<JobProducer<InferenceRecord>, 'add'>;
  log: Log;
  /** Called with the number of lost records each time records are lost. */
  onLost?: (count: number) => void;
}

/** The most records, and the most characters, that are kept while the queue is unavailable: minutes of a busy worker. */
const CAPACITY = 2_000;
const CAPACITY_CHARACTERS = 16_000_000;
/** The interval of retries while the queue is unavailable, in milliseconds. */
const RETRY_MS = 1_000;

/**
 * Adds a job for the record of each call, which stores it. `record` never throws and never waits. While the queue is
 * unavailable, a bounded number of records is kept in memory; further records are lost and counted. A record that the queue
 * refuses is also lost and counted, so that it does not block the others.
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
      // The job belongs to the trace of its own call, whichever call sends the queue.
      const add = AsyncResource.bind(() => this.#options.jobs.add(record));
      this.#waiting.push({ size, add });
      this.#characters += size;
    } else this.#lose(1, UNAVAILABLE);
    void this.#send();
  }

  /** Tries once more to queue the waiting records; idempotent. */
  async stop(): Promise<void> {
    await this.#sending;
    await this.#send();
    clearTimeout(this.#retry);
    this.#lose(this.#waiting.splice(0).length, UNAVAILABLE);
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

const UNAVAILABLE = { reason: 'the queue is unavailable' };

/** Whether PostgreSQL refuses the data (SQLSTATE class 22, data exceptions), so that a retry cannot succeed. */
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
