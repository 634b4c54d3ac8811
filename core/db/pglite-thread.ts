import { Worker } from 'node:worker_threads';

/** The thread's address: the path of a Unix socket, or a TCP address, whose port 0 means any free port. */
export type ListenAddress = { path: string } | { host: string; port: number };

/** A thread that runs the embedded PostgreSQL. */
export interface PgliteThread {
  /** The TCP port that it listens on; undefined on a path. */
  readonly port: number | undefined;
  /** Resolves when the thread has ended, to the error that ended it, if any. */
  readonly ended: Promise<Error | undefined>;
  /** Flushes and stops it; a thread that does not answer is terminated. Idempotent. */
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 5000;

/** Resolves when the thread listens. `onDiskFull` is called for each statement that failed because the disk is full. */
export async function startPgliteThread(
  dataDir: string,
  address: ListenAddress,
  onDiskFull: () => void,
): Promise<PgliteThread> {
  const worker = new Worker(new URL('./pglite-worker.mjs', import.meta.url), {
    workerData: { dataDir, address },
    // Without the parent's loaders: they take seconds, and the file needs none.
    execArgv: [],
  });
  let fault: Error | undefined;
  worker.on('error', (error) => {
    fault = error instanceof Error ? error : new Error(String(error));
  });
  const ended = new Promise<Error | undefined>((resolve) => worker.once('exit', () => resolve(fault)));
  const ready = new Promise<unknown>((resolve) => worker.once('message', resolve));
  const first = await Promise.race([ready, ended]);
  if (fault) throw fault;
  worker.on('message', onDiskFull);
  const port = readPort(first);
  let stopping: Promise<void> | undefined;
  return {
    port,
    ended,
    stop() {
      stopping ??= stop(worker, ended);
      return stopping;
    },
  };
}

async function stop(worker: Worker, ended: Promise<unknown>): Promise<void> {
  worker.postMessage('stop');
  const deadline = setTimeout(() => void worker.terminate(), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(deadline);
}

function readPort(message: unknown): number | undefined {
  if (typeof message !== 'object' || message === null || !('port' in message)) return undefined;
  return typeof message.port === 'number' ? message.port : undefined;
}
