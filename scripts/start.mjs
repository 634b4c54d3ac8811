import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepareBuild, root } from './prepare.mjs';

/** Starts a built process (`main`, `server-main` or `worker-main`), building what is missing first. */
prepareBuild();
const entry = process.argv[2] ?? 'main';
const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'dist', `${entry}.js`)], {
  stdio: 'inherit',
  env: { NODE_ENV: 'production', ...process.env },
});
// The terminal sends Ctrl-C to both; whoever supervises this process sends its signals to it alone.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)));
