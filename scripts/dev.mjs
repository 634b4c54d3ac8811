import { spawn } from 'node:child_process';
import { freePort } from './free-port.mjs';
import { prepareGenerated } from './prepare.mjs';
import { root } from './run.mjs';

/**
 * The server and worker on PORT (unset: 4000; 0: a free one), restarted when a file changes, and the web client on
 * :5173 with hot reload.
 */
prepareGenerated();
const env = { DOCUMENT_SUGGESTIONS: '1', PROCESSES: '1', ...process.env };
if (Number(env.PORT || NaN) === 0) env.PORT = await freePort();
const children = [
  ['npx', ['tsx', 'watch', '--clear-screen=false', 'main.ts']],
  ['npx', ['vite', 'client']],
].map(([command, args]) => spawn(command, args, { cwd: root, stdio: 'inherit', env }));

const stop = (code) => {
  for (const child of children) child.kill('SIGTERM');
  process.exitCode = code;
};
for (const child of children) child.on('exit', (code) => stop(code ?? 0));
process.on('SIGINT', () => stop(0));
process.on('SIGTERM', () => stop(0));
