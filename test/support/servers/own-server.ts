import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** A database server that belongs to one test: it dies, freezes and comes back as the test says. */
export interface OwnServer {
  readonly url: string;
  /** Starts it, also again; resolves when it answers. */
  start(): Promise<void>;
  /** As when its machine fails: at once, without a goodbye. */
  kill(): Promise<void>;
  /** It keeps its connections and answers nothing, until it thaws. */
  freeze(): void;
  thaw(): void;
  /** Ends it and forgets its data; idempotent. */
  remove(): Promise<void>;
}

/** Starts a program and waits until it can be used. Rejects with what it said when it ends instead. */
export async function startUntil(
  command: string,
  args: readonly string[],
  options: { uid?: number; gid?: number },
  isUsable: () => Promise<boolean>,
): Promise<ChildProcess> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  while (!(await isUsable())) {
    if (ended) throw new Error(`${command} ended: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return child;
}

/** Sends a signal to a process and to those that it started. */
export function signalAll(child: ChildProcess, signal: NodeJS.Signals): void {
  for (const pid of [child.pid as number, ...childrenOf(child.pid as number)]) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  signalAll(child, 'SIGCONT');
  child.kill(signal);
  await exited;
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}
