import { type Config, loadConfig } from './config/config.ts';
import { OutcomeUnknownError, StoreUnavailableError } from './domain/errors.ts';
import { StartError } from './domain/start-error.ts';
import { componentLog, createLog, type Log } from './telemetry/log.ts';

/** One Ctrl-C may reach a process twice, from the terminal and from npm. After this time it is a second one, in milliseconds. */
const SECOND_SIGINT_AFTER_MS = 500;

/** How long a process may take to stop after the signal, in milliseconds. */
const STOP_WITHIN_MS = 9_500;

/**
 * Runs a process: reads the configuration, starts, and stops gracefully on SIGTERM or SIGINT. A second Ctrl-C ends it at
 * once. Faults of the configuration or the environment are one line on standard error and exit code 1.
 */
export async function runProcess(
  start: (config: Config, log: Log) => Promise<{ stop(): Promise<void> }>,
  stopWithinMs: (config: Config) => number = () => STOP_WITHIN_MS,
): Promise<void> {
  let running: { stop(): Promise<void> };
  let log: Log;
  let config: Config;
  try {
    config = loadConfig();
    const root = createLog({ level: config.logLevel, format: config.logFormat });
    log = componentLog(root, 'app');
    running = await start(config, root);
  } catch (error) {
    process.stderr.write(`taskflow: ${describeFailure(error)}\n`);
    process.exit(1);
  }

  let stoppingSince: number | null = null;
  const stop = async (signal: string) => {
    if (stoppingSince !== null) {
      if (signal === 'SIGINT' && performance.now() - stoppingSince > SECOND_SIGINT_AFTER_MS)
        process.exit(130);
      return;
    }
    stoppingSince = performance.now();
    log.info({ signal }, 'stopping');
    const late = setTimeout(() => {
      log.error('did not stop in time');
      process.exit(1);
    }, stopWithinMs(config));
    late.unref();
    await running.stop().catch((err) => log.error({ err }, 'did not stop cleanly'));
    log.info('stopped');
    process.exit(0);
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
