import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The project's folder, with a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const env = { ...process.env, npm_config_update_notifier: 'false' };

/**
 * Runs a command in the project's folder to its end, with this process's output. Where it fails, this process ends with
 * its exit code.
 */
export function run(command, args) {
  endUnlessDone(
    command,
    spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env, cwd: root }),
  );
}

/** The same, but prints the command's output only if it fails, on standard error. `more`: variables of its environment. */
export function runQuietly(command, args, more = {}) {
  const options = { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: Number.MAX_SAFE_INTEGER };
  const done = spawnSync(command, args, { ...options, env: { ...env, ...more }, cwd: root });
  if (done.status !== 0) process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
  endUnlessDone(command, done);
}

function endUnlessDone(command, { status, error }) {
  if (error) process.stderr.write(`taskflow: ${command}: ${error.message}\n`);
  if (error || status !== 0) process.exit(status || 1);
}
