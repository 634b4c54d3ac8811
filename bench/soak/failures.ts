import type { Failure } from './talk.ts';

/** How many of the answers may fail that a model which was well was asked for, in percent. */
export const MAY_FAIL_PERCENT = 1;

/** The failed answers by what failed, and which part of all they are. */
export interface FailureCount {
  /** By `ModelErrorCode`, most first. `ill`: the model cut that answer off itself; `well`: it did not. */
  rows: { code: string; well: number; ill: number }[];
  /** Of the answers that the model did not cut off, in percent. */
  wellPercent: number;
}

/**
 * @param cut What was asked in the messages whose answers the model cut off.
 * @param messages How many were accepted.
 */
export function countFailures(
  failures: readonly Failure[],
  cut: ReadonlySet<string>,
  messages: number,
): FailureCount {
  const rows = new Map<string, { code: string; well: number; ill: number }>();
  for (const { code, text } of failures) {
    const row = rows.get(code) ?? { code, well: 0, ill: 0 };
    row[cut.has(text) ? 'ill' : 'well'] += 1;
    rows.set(code, row);
  }
  const sorted = [...rows.values()].sort((a, b) => b.well + b.ill - a.well - a.ill);
  const well = sorted.reduce((sum, row) => sum + row.well, 0);
  return { rows: sorted, wellPercent: (100 * well) / Math.max(1, messages - cut.size) };
}
