import { prepareBuild, preparePeers } from './prepare.mjs';
import { run } from './run.mjs';

/** Runs one benchmark of `bench/` against the built product. */
const [name, ...options] = process.argv.slice(2);
prepareBuild();
if (['performance', 'quick'].includes(name)) preparePeers();
run('npx', ['tsx', `bench/${name}.ts`, ...options]);
