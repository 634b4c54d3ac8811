import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { end, type OwnServer, signalAll, startUntil } from './own-server.ts';

/** Whether this machine has a PostgreSQL server, and a user to start it as. */
export function hasPostgresServer(): boolean {
  return binaries() !== null && (process.getuid?.() !== 0 || unprivileged() !== null);
}

/** A PostgreSQL with an empty database. */
export async function createOwnPostgres(): Promise<OwnServer> {
  const bin = binaries();
  if (!bin) throw new Error('no PostgreSQL server here');
  const user = process.getuid?.() === 0 ? unprivileged() : null;
  const directory = await mkdtemp(join(tmpdir(), 'taskflow-postgres-'));
  await chmod(directory, 0o700);
  if (user) await chown(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync', '-E', 'UTF8', '--locale', 'C'],
    { ...user, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const port = await freePort();
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  let child: ChildProcess | null = null;
  const settings = ['fsync=off', `unix_socket_directories=${directory}`, 'listen_addresses=127.0.0.1'];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const kill = async () => {
    // An immediate shutdown: without notice to clients; the log is replayed at the next start, as after a crash.
    if (child) await end(child, 'SIGQUIT');
    child = null;
  };
  const server: OwnServer = {
    url,
    async start() {
      child = await startUntil(join(bin, 'postgres'), args, user ?? {}, () => answers(url));
    },
    kill,
    freeze: () => void (child && signalAll(child, 'SIGSTOP')),
    thaw: () => void (child && signalAll(child, 'SIGCONT')),
    async remove() {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** The folders of Debian by version, the newest first; otherwise those of PATH. */
function binaries(): string | null {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
  for (const version of versions.sort((a, b) => Number(b) - Number(a))) {
    const bin = join('/usr/lib/postgresql', version, 'bin');
    if (existsSync(join(bin, 'initdb'))) return bin;
  }
  const found = spawnSync('which', ['initdb'], { encoding: 'utf8' }).stdout?.trim();
  return found ? join(found, '..') : null;
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | null {
  const id = (flag: string) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
  const uid = id('-u');
  return uid.status === 0 ? { uid: Number(uid.stdout), gid: Number(id('-g').stdout) } : null;
}
