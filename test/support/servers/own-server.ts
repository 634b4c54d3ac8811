import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** A database server of one test, which kills, freezes and restarts it. */
export interface OwnServer {
  readonly url: string;
  /** Starts or restarts it. Resolves when it answers. */
  start(): Promise<void>;
  /** Kills it, as when its machine fails: at once, without a graceful close. */
  kill(): Promise<void>;
  /** Stops its processes: it keeps its connections and answers nothing until it thaws. */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its data; idempotent. */
  remove(): Promise<void>;
}

/** Starts a program and waits until it is usable. Rejects with its output if it ends instead. */
export async function startUntil(
  command: string,
  args: readonly string[],
  options: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv },
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

/** Sends a signal to a process and its children. */
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
