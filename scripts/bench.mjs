import { prepareBuild } from './prepare.mjs';
import { run } from './run.mjs';

/** Runs one benchmark of `bench/` against the built product. */
const [name, ...options] = process.argv.slice(2);
prepareBuild();
run('npx', ['tsx', `bench/${name}.ts`, ...options]);
