import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type pg from 'pg';
import { type DataDirLock, lockDataDir, unusable } from './data-dir-lock.ts';
import { diskFault } from './disk-room.ts';
import { keepRunning } from './embedded-engine.ts';
import type { ListenAddress } from './pglite-thread.ts';
import type { DatabaseLog } from './pool.ts';

/** A PostgreSQL inside this process, which speaks the wire protocol to `pg` clients of the same user. */
export interface EmbeddedPostgres {
  /** All connections share one session: a transaction blocks the others, and settings are not per connection. */
  readonly connection: pg.PoolConfig;
  /** Flushes, stops the thread and releases the directory. Idempotent. Close the clients first. */
  close(): Promise<void>;
}

const run = promisify(execFile);

const SOCKET_DIR_PREFIX = join(tmpdir(), 'taskflow-');

/** The port is only a part of the socket's name. */
const SOCKET_PORT = 5432;

/**
 * Starts PostgreSQL on `<dataDir>/postgres`, which the first start creates (3 s; later starts take 0.3 s). Committed data
 * survives if the process is killed. When the engine crashes, it is restarted on the same address.
 *
 * @throws DatabaseConfigError when the directory is in use by another process or cannot be used.
 */
export async function startEmbeddedPostgres(dataDir: string, log: DatabaseLog): Promise<EmbeddedPostgres> {
  const lock = lockDataDir(dataDir);
  let socketDir: string | undefined;
  try {
    if (lock.leftover.startsWith(SOCKET_DIR_PREFIX))
      await rm(lock.leftover, { recursive: true, force: true });
    await createCluster(dataDir);
    const address = await chooseAddress(lock);
    socketDir = 'path' in address ? dirname(address.path) : undefined;
    const engine = await keepRunning(join(dataDir, 'postgres'), address, log);
    let closing: Promise<void> | undefined;
    return {
      connection: { ...clientAddress(socketDir, engine.port), user: 'postgres', database: 'postgres' },
      close() {
        closing ??= engine.stop().finally(() => vacate(lock, socketDir));
        return closing;
      },
    };
  } catch (error) {
    const fault = unusable(dataDir, await diskFault(dataDir, error));
    await vacate(lock, socketDir);
    throw fault;
  }
}

// In a separate process, which frees the 500 MB that it needs, and under another name until it is complete.
async function createCluster(dataDir: string): Promise<void> {
  const finished = join(dataDir, 'postgres');
  if (existsSync(finished)) return;
  const unfinished = join(dataDir, 'postgres.creating');
  await rm(unfinished, { recursive: true, force: true });
  const script = fileURLToPath(new URL('./pglite-create.mjs', import.meta.url));
  try {
    await run(process.execPath, [script, unfinished]);
  } catch (error) {
    // The check comes before the cleanup, which makes room.
    const fault = await diskFault(dataDir, error);
    await rm(unfinished, { recursive: true, force: true });
    throw fault;
  }
  await rename(unfinished, finished);
}

// A Unix socket in a directory that only this user may enter. On Windows `pg` cannot use one.
async function chooseAddress(lock: DataDirLock): Promise<ListenAddress> {
  if (process.platform === 'win32') return { host: '127.0.0.1', port: 0 };
  const socketDir = await mkdtemp(SOCKET_DIR_PREFIX);
  lock.note(socketDir);
  return { path: join(socketDir, `.s.PGSQL.${SOCKET_PORT}`) };
}

function clientAddress(socketDir: string | undefined, port: number | undefined): pg.PoolConfig {
  return socketDir === undefined
    ? { host: '127.0.0.1', port: port ?? SOCKET_PORT }
    : { host: socketDir, port: SOCKET_PORT };
}

async function vacate(lock: DataDirLock, socketDir: string | undefined): Promise<void> {
  if (socketDir !== undefined) await rm(socketDir, { recursive: true, force: true });
  lock.release();
}
