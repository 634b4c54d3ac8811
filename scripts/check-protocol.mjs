import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE, protocolFaults } from './protocol-faults.mjs';
import { root } from './run.mjs';

/**
 * Checks that every rule of docs/protocol.md names its tests, and that every test with the mark of a rule is named there.
 * Exits with 1 and a line for each fault.
 */
const ROOMS = ['core', 'server', 'worker', 'client', 'packages', 'prisma', 'test'];

const tests = new Map(ROOMS.flatMap(sourcesIn).map((path) => [path, readFileSync(join(root, path), 'utf8')]));
const faults = protocolFaults(readFileSync(join(root, PAGE), 'utf8'), tests);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exit(faults.length > 0 ? 1 : 0);

function sourcesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourcesIn(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
