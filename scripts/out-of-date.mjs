import { existsSync, readFileSync } from 'node:fs';

/** Has the files written again by `write`, and answers which of them came out other than they were, or were not there. */
export function outOfDate(files, write) {
  const before = files.map(textOf);
  write();
  return files.filter((file, index) => textOf(file) !== before[index]);
}

function textOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
