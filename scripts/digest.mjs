import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Installed packages, what was built, and tests: the build does not depend on them. */
const SKIPPED = /^(node_modules|dist)$|\.test\.tsx?$/;

/**
 * A digest of the names and the contents of files under `root`: independent of their place and time.
 * `sources` are files or folders; one that is absent counts as such. The project's own 2 MB take some 50 ms.
 */
export function digestOf(root, sources) {
  const hash = createHash('sha256');
  for (const source of sources) {
    const found = statSync(join(root, source), { throwIfNoEntry: false });
    if (found?.isDirectory()) hashFolder(hash, root, source);
    else if (found) hashFile(hash, root, source);
  }
  return hash.digest('hex');
}

function hashFolder(hash, root, folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (SKIPPED.test(entry.name)) continue;
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) hashFolder(hash, root, path);
    else if (entry.isFile()) hashFile(hash, root, path);
  }
}

/** With its length, so that no content can be taken for the name of the next file. */
function hashFile(hash, root, path) {
  const content = readFileSync(join(root, path));
  hash.update(`${path}\0${content.length}\0`).update(content);
}
