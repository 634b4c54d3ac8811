/** Resolves when the job is done; a rejection puts it back with a growing delay. */
export type Processor<T> = (data: T, context: JobContext<T>) => Promise<void>;

export interface JobContext<T> {
  /** From 1. */
  attempt: number;
  /** When it aborts, the processor must hand the job over and return. */
  signal: AbortSignal;
  /** Replaces the job's data for its retries, and for the record of a failed job. */
  replace(data: T): Promise<void>;
}

/** How long a processor may take to hand over after the abort, in milliseconds. */
const HAND_OVER_MS = 5_000;

/** How long closing the connections may take, in milliseconds. */
const DISCONNECT_MS = 500;

/** The part of BullMQ's Worker that is used, on any backend. */
export interface RunningWorker {
  run(): Promise<void>;
  close(): Promise<void>;
  disconnect(): Promise<void>;
  waitUntilReady(): Promise<unknown>;
}

/** Runs jobs of one kind until it is stopped. */
export class JobConsumer {
  readonly #worker: RunningWorker;
  readonly #abort: AbortController;
  readonly #onError: (error: unknown) => void;
  readonly #join: () => Promise<void>;
  #stopped: Promise<void> | null = null;

  /** `join`: called before the first job is taken. */
  constructor(
    worker: RunningWorker,
    abort: AbortController,
    onError: (error: unknown) => void,
    join: () => Promise<void> = async () => {},
  ) {
    this.#worker = worker;
    this.#abort = abort;
    this.#onError = onError;
    this.#join = join;
  }

  /** Takes jobs from now on. Rejects when the queue cannot be used. */
  async start(): Promise<void> {
    await this.#worker.waitUntilReady();
    await this.#join();
    if (!this.#stopped) this.#worker.run().catch(this.#onError);
  }

  /**
   * Takes no more jobs. Running jobs have `graceMs` to finish, then they are aborted to hand over; those that still run
   * after that are left to another worker. Idempotent.
   */
  stop(graceMs = 0): Promise<void> {
    this.#stopped ??= this.#stop(graceMs);
    return this.#stopped;
  }

  async #stop(graceMs: number): Promise<void> {
    const closed = this.#worker.close();
    closed.catch(() => {});
    if (graceMs > 0 && (await settlesWithin(closed, graceMs))) return;
    this.#abort.abort();
    if (!(await settlesWithin(closed, HAND_OVER_MS)))
      await settlesWithin(this.#worker.disconnect(), DISCONNECT_MS);
  }
}

async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = promise.then(
    () => true,
    () => true,
  );
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}
