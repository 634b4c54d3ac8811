import { setTimeout as delay } from 'node:timers/promises';
import { DISK_FULL_TEXT, isDiskFull } from './disk-room.ts';
import { type ListenAddress, type PgliteThread, startPgliteThread } from './pglite-thread.ts';
import type { DatabaseLog } from './pool.ts';

/** The embedded PostgreSQL across restarts of its thread. */
export interface Engine {
  /** The TCP port that it listens on; undefined on a path. */
  readonly port: number | undefined;
  /** Stops it, without a restart. Idempotent. */
  stop(): Promise<void>;
}

/** The wait before a restart, in milliseconds, so that a recurring fault does not loop at full speed. */
const RESTART_DELAY_MS = 500;
/** The interval between checks of a full disk, in milliseconds. */
const LOOK_FOR_ROOM_MS = 1_000;
/** A full disk is logged at most once in this time, in milliseconds. */
const SAME_LINE_MS = 30_000;

/**
 * Starts the thread, and restarts it on the same address whenever it ends. While it does not run, every connection to it
 * fails at once. PostgreSQL cannot start on a full disk: it is started when there is room again.
 *
 * @param dir The database's own directory, whose disk is checked.
 * @throws what the first start threw
 */
export async function keepRunning(dir: string, address: ListenAddress, log: DatabaseLog): Promise<Engine> {
  const onDiskFull = once(SAME_LINE_MS, () => log.error({ dir }, `${DISK_FULL_TEXT}: nothing can be stored`));
  const first = await startPgliteThread(dir, address, onDiskFull);
  const samePort = 'port' in address ? { ...address, port: first.port ?? 0 } : address;
  const stopping = new AbortController();
  let current: PgliteThread | null = first;
  const restart = async () => {
    while (true) {
      await delay(RESTART_DELAY_MS, undefined, { signal: stopping.signal });
      await room(dir, onDiskFull, stopping.signal);
      try {
        return await startPgliteThread(dir, samePort, onDiskFull);
      } catch (err) {
        log.error({ err }, 'starting the embedded PostgreSQL failed; it is tried again');
      }
    }
  };
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const fault = await current?.ended;
      current = null;
      if (stopping.signal.aborted) return;
      log.error({ err: fault }, 'the embedded PostgreSQL crashed; it is restarted');
      current = await restart().catch(() => null);
    }
  })();
  return {
    port: first.port,
    async stop() {
      stopping.abort();
      await current?.stop();
      await running;
      await current?.stop();
    },
  };
}

async function room(dir: string, onDiskFull: () => void, signal: AbortSignal): Promise<void> {
  while (await isDiskFull(dir).catch(() => false)) {
    onDiskFull();
    await delay(LOOK_FOR_ROOM_MS, undefined, { signal });
  }
}

/** Returns a function that calls `act` at most once in `ms` milliseconds. */
function once(ms: number, act: () => void): () => void {
  let at = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - at < ms) return;
    at = performance.now();
    act();
  };
}
