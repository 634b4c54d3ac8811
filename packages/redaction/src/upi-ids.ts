import type { Finding } from './finding.ts';
import { sentenceBefore } from './naming.ts';
import { UPI_HANDLES } from './upi-handles.ts';

/** A name and a handle without a dot: a domain would make it an e-mail address. */
const UPI_ID =
  /(?<![A-Za-z0-9._%+@/-])([A-Za-z0-9][A-Za-z0-9._-]{1,63})@([A-Za-z][A-Za-z0-9]{1,24})(?![A-Za-z0-9_@(/:-]|\.[A-Za-z0-9])/g;

/** Ids for payments by UPI (NPCI): with the handle of a bank or an app, or with any after a word for UPI. */
export function* findUpiIds(text: string): Generator<Finding> {
  if (!text.includes('@')) return;
  for (const { index, 0: found, 2: handle = '' } of text.matchAll(UPI_ID)) {
    const start = index + (NAME.exec(found)?.[0].length ?? 0);
    if (UPI_HANDLES.has(handle.toLowerCase()) || NAMES.test(sentenceBefore(text, start)))
      yield { kind: 'UPI_ID', start, end: index + found.length };
  }
}

/** A name that a dash joins to it. */
const NAME = /^(?:upi|vpa|id|upi-?id)-(?=[^@]{2})/i;
const NAMES = /(?<![a-z])(?:upi|vpa|bhim|gpay|phonepe|pa=)|google ?pay|यूपीआई|वीपीए/i;
