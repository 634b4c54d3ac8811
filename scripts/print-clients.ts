import { readFileSync, writeFileSync } from 'node:fs';
import { withShownRegions } from './shown-regions.ts';

/** Prints into docs/clients.md what it shows of the programs in test/strangers. */
const file = (path: string) => new URL(`../${path}`, import.meta.url);
const read = (path: string) => readFileSync(file(path), 'utf8');
writeFileSync(file('docs/clients.md'), withShownRegions(read('docs/clients.md'), read));
