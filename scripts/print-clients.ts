import { readFileSync, writeFileSync } from 'node:fs';
import { withShownRegions } from './shown-regions.ts';

/** Prints the regions of the programs in test/strangers into docs/clients.md. */
const file = (path: string) => new URL(`../${path}`, import.meta.url);
const read = (path: string) => readFileSync(file(path), 'utf8');
writeFileSync(file('docs/clients.md'), withShownRegions(read('docs/clients.md'), read));
