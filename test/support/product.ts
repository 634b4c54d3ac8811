import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How a process ended, and all its output. */
export interface Ending {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A line of the log; what it says beside its message depends on that. */
export interface LogLine {
  readonly msg: string;
  readonly url?: string;
  readonly pid?: number;
  readonly process?: number;
  readonly processes?: number;
  readonly signal?: string;
}

/** The built product in a process of its own, as `npm start` starts it. */
export interface Product {
  /** The URL at which it listens, once it is ready. Rejects, with its output, if it ends instead. */
  readonly ready: Promise<string>;
  readonly ended: Promise<Ending>;
  readonly pid: number;
  /** The lines of its log with this message, so far. */
  logged(message: string): LogLine[];
  /** SIGTERM to the one process that was started, as from a supervisor. */
  terminate(): void;
  /** SIGINT to all of its processes, as Ctrl-C in a terminal. */
  interrupt(): void;
  /** SIGSTOP: it keeps its connections and does nothing until it thaws. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL, as when the power fails. Has no effect on one that has ended. */
  kill(): void;
}

/** Builds what is out of date, so that no start has to. */
export function buildProduct(): void {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

/** One of the built processes: all in one, a server, or a worker, whose URL is that of its metrics and health. */
export type Entry = 'main' | 'server-main' | 'worker-main';

/** Starts it on a free port, with only the given environment. */
export function startProduct(env: Record<string, string>, entry: Entry = 'main'): Product {
  const child = spawn(process.execPath, ['scripts/start.mjs', entry], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, PORT: '0', METRICS_PORT: '0', PROCESSES: '1', LOG_FORMAT: 'json', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const said = { stdout: '', stderr: '' };
  const ended = endingOf(child, said);
  const ready = readyUrl(child, ended);
  ready.catch(() => {});
  const group = -(child.pid ?? Number.NaN);
  return {
    ready,
    ended,
    pid: child.pid ?? Number.NaN,
    logged: (message) => linesOf(said.stdout).filter(({ msg }) => msg === message),
    terminate: () => child.kill('SIGTERM'),
    interrupt: () => process.kill(group, 'SIGINT'),
    freeze: () => void process.kill(group, 'SIGSTOP'),
    thaw: () => void process.kill(group, 'SIGCONT'),
    kill() {
      if (child.exitCode === null && child.signalCode === null) process.kill(group, 'SIGKILL');
    },
  };
}

function endingOf(child: ChildProcess, said: Omit<Ending, 'code'>): Promise<Ending> {
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    said.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    said.stderr += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
}

function linesOf(text: string): LogLine[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
}

async function readyUrl(child: ChildProcess, ended: Promise<Ending>): Promise<string> {
  if (child.stdout) {
    for await (const line of createInterface({ input: child.stdout })) {
      const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
      if (msg === 'ready') {
        child.stdout.resume();
        return url ?? '';
      }
    }
  }
  const { code, stderr } = await ended;
  throw new Error(`ended with ${code} before it was ready: ${stderr}`);
}
