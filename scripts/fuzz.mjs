import { randomInt } from 'node:crypto';
import { prepareBuild } from './prepare.mjs';
import { run } from './run.mjs';

/**
 * Fuzzes a server for longer than `npm test` does, each time from another seed. FUZZ_RUNS: how often each property is tried;
 * FUZZ_SEED: repeats a run.
 */
prepareBuild();
process.env.FUZZ_RUNS ??= '300';
process.env.FUZZ_SEED ??= String(randomInt(2 ** 31));
process.stdout.write(`taskflow: FUZZ_SEED=${process.env.FUZZ_SEED} FUZZ_RUNS=${process.env.FUZZ_RUNS}\n`);
run('npx', ['vitest', 'run', 'test/fuzz', '--testTimeout', '3600000', ...process.argv.slice(2)]);
