import { setFlagsFromString } from 'node:v8';
import { prepareBuild } from './prepare.mjs';

/** Starts a built process (`main`, `server-main` or `worker-main`) in this one, building what is missing first. */
prepareBuild();
process.env.NODE_ENV ??= 'production';
const entry = process.argv[2] ?? 'main';
// On somebody's own machine, prefer less memory to peak throughput.
if (entry === 'main') setFlagsFromString('--max-semi-space-size=4');
await import(`../dist/${entry}.js`);
