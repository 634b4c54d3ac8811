import type { Finding } from './finding.ts';

const BEGINS = /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g;
const ENDS = '-----END ';
const LONGEST = 16_384;

/** PEM blocks. A block without an end is taken up to the longest length of such a key. */
export function* findPrivateKeys(text: string): Generator<Finding> {
  let free = 0;
  for (const { index: start, 0: head } of text.matchAll(BEGINS)) {
    if (start < free) continue;
    const body = start + head.length;
    const block = text.slice(body, body + LONGEST);
    const ending = block.indexOf(ENDS);
    const end = ending === -1 ? body + block.length : endOfLine(text, body + ending);
    yield { kind: 'PRIVATE_KEY', start, end };
    free = end;
  }
}

function endOfLine(text: string, from: number): number {
  const line = text.slice(from, from + 80);
  const close = line.indexOf('-----', ENDS.length);
  return from + (close === -1 ? line.length : close + '-----'.length);
}
