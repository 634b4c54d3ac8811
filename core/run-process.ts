import { type Config, loadConfig, processesOf, requireShared } from './config/config.ts';
import { OutcomeUnknownError, StoreUnavailableError } from './domain/errors.ts';
import { StartError } from './domain/start-error.ts';
import { ALONE, type ProcessGroup } from './processes/group.ts';
import { Member, memberNumber } from './processes/member.ts';
import type { ReadyFacts } from './processes/messages.ts';
import { Primary } from './processes/primary.ts';
import { componentLog, createLog, type Log } from './telemetry/log.ts';

/** One Ctrl-C may reach a process twice, from the terminal and from npm. After this time it is a second one, in milliseconds. */
const SECOND_SIGINT_AFTER_MS = 500;

/** How long a process may take to stop after the signal, in milliseconds. */
const STOP_WITHIN_MS = 9_500;

/** How much longer than its processes a primary waits, in milliseconds. */
const SUPERVISION_MS = 250;

/** A server, a worker, or both in one. */
export interface ProcessKind {
  /** The URL of its module, which further processes of this kind run. */
  entry: string;
  /** Whether it needs stores that other processes share. */
  isPart: boolean;
  /** Whether PROCESSES=auto is one for each core. Otherwise it is one: several share a port only when they are asked to. */
  usesCores: boolean;
  start: (config: Config, log: Log, group: ProcessGroup) => Promise<RunningProcess>;
  /** How long it may take to stop after the signal, in milliseconds. Unset: 9.5 s. */
  stopWithinMs?: (config: Config) => number;
}

interface RunningProcess {
  readonly facts: ReadyFacts;
  stop(): Promise<void>;
}

/**
 * Runs a process: reads the configuration, starts, and stops gracefully on SIGTERM or SIGINT. A second Ctrl-C ends it at
 * once. Faults of the configuration or the environment are one line on standard error and exit code 1. Where PROCESSES is
 * more than one, this process starts that many, and only supervises them.
 */
export async function runProcess(kind: ProcessKind): Promise<void> {
  const number = memberNumber();
  const member = number === null ? null : new Member(number);
  try {
    const config = loadConfig();
    if (kind.isPart) requireShared(config);
    const count = processesOf(config, kind.usesCores ? undefined : 1);
    const log = createLog({ level: config.logLevel, format: config.logFormat });
    const withinMs = kind.stopWithinMs?.(config) ?? STOP_WITHIN_MS;
    if (member) await runMember(kind, config, member, log.child({ process: member.number }), withinMs);
    else if (count > 1) supervise(kind, count, componentLog(log, 'app'), withinMs);
    else {
      const running = await kind.start(config, log, ALONE);
      const appLog = componentLog(log, 'app');
      appLog.info(running.facts, 'ready');
      stopOnSignal(appLog, 'info', withinMs, () => running.stop());
    }
  } catch (error) {
    await fail(error, member);
  }
}

async function runMember(
  kind: ProcessKind,
  config: Config,
  member: Member,
  log: Log,
  withinMs: number,
): Promise<void> {
  const running = await kind.start(config, log, member);
  // The primary says for all that they are ready, and that they stop.
  stopOnSignal(componentLog(log, 'app'), 'debug', withinMs, () => running.stop());
  member.reportReady(running.facts);
}

function supervise({ entry }: ProcessKind, count: number, log: Log, withinMs: number): void {
  const primary = new Primary({ entry, count, log, onFailure: (error) => void fail(error, null) });
  stopOnSignal(log, 'info', withinMs + SUPERVISION_MS, () => primary.stop());
}

async function fail(error: unknown, member: Member | null): Promise<never> {
  const line = describeFailure(error);
  if (member) await member.reportFailure(line);
  else process.stderr.write(`taskflow: ${line}\n`);
  process.exit(1);
}

/** @param level of the lines that say that it stops and has stopped */
function stopOnSignal(
  log: Log,
  level: 'info' | 'debug',
  withinMs: number,
  stopAll: () => Promise<void>,
): void {
  let stoppingSince: number | null = null;
  const stop = async (signal: string) => {
    if (stoppingSince !== null) {
      if (signal === 'SIGINT' && performance.now() - stoppingSince > SECOND_SIGINT_AFTER_MS)
        process.exit(130);
      return;
    }
    stoppingSince = performance.now();
    log[level]({ signal }, 'stopping');
    const late = setTimeout(() => {
      log.error('did not stop in time');
      process.exit(1);
    }, withinMs);
    late.unref();
    const code = await stopAll().then(
      () => 0,
      (err) => {
        log.error({ err }, 'did not stop cleanly');
        return 1;
      },
    );
    log[level]('stopped');
    process.exit(code);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('unhandledRejection', (err) => log.error({ err }, 'unhandled promise rejection'));
}

/** The line for the operator about an error that ends a process; more than a line for a fault of the program. */
export function describeFailure(error: unknown): string {
  if (error instanceof StartError) return error.message;
  if (error instanceof StoreUnavailableError || error instanceof OutcomeUnknownError)
    return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function reasonOf(error: unknown): string {
  const lines = String(error instanceof Error ? error.message : error)
    .trim()
    .split('\n');
  // Prisma puts the reason in the last line.
  return lines.at(-1) ?? '';
}
