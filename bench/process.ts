import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A process under measurement: a server of TaskFlow, a worker, or a peer. */
export interface BenchProcess {
  /** The address at which it listens. */
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from its start until it was ready. */
  readonly readyMs: number;
  /** The processor time that it has used so far, in user and in system mode, in seconds. Resolution: 10 ms. */
  cpuSeconds(): number;
  /** Asks what only the process itself knows: see probe.mjs. */
  ask(question: 'heap' | 'rss' | 'watchLoop' | 'longestBlock'): Promise<number>;
  /** Ends it. Idempotent. */
  stop(): Promise<void>;
}

const PROBE = join(import.meta.dirname, 'probe.mjs');

/** Starts a program of Node that logs `{"msg":"ready","url":…}` as a line once it is ready. */
export async function startProcess(file: string, env: NodeJS.ProcessEnv): Promise<BenchProcess> {
  const begun = performance.now();
  const typescript = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, ['--expose-gc', '--import', PROBE, ...typescript, file], {
    // The figures are of one process.
    env: { PROCESSES: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const { url } = await ready(child);
  const readyMs = performance.now() - begun;
  const pid = child.pid ?? 0;
  return {
    url,
    pid,
    readyMs,
    cpuSeconds: () => cpuSecondsOf(pid),
    async ask(question) {
      const answered = new Promise<number>((resolve) => {
        child.on('message', function listen(message: { question: string; answer: number }) {
          if (message.question !== question) return;
          child.off('message', listen);
          resolve(message.answer);
        });
      });
      child.send({ question });
      return answered;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** The processor time of a process, in seconds: fields 14 and 15 of its `stat`, in ticks of 10 ms (proc_pid_stat(5)). */
function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function ready(child: ChildProcess): Promise<{ url: string }> {
  if (!child.stdout) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue;
    const event: { msg: string; url: string } = JSON.parse(line);
    if (event.msg !== 'ready') continue;
    child.stdout.resume();
    return event;
  }
  throw new Error('the process ended before it was ready');
}
