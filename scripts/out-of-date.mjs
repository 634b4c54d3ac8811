import { existsSync, readFileSync } from 'node:fs';

/** Calls `write`, which writes the files again, and returns those that changed or did not exist. */
export function outOfDate(files, write) {
  const before = files.map(textOf);
  write();
  return files.filter((file, index) => textOf(file) !== before[index]);
}

function textOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
