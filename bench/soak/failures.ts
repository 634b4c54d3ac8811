import type { Failure } from './talk.ts';

/** The most answers that may fail while the model works, in percent. */
export const MAY_FAIL_PERCENT = 1;

/** The failed answers by cause, and their share of all answers. */
export interface FailureCount {
  /** By `ModelErrorCode`, most first. `modelFailed`: the model cut the answer off itself; `modelWorked`: it did not. */
  rows: { code: string; modelWorked: number; modelFailed: number }[];
  /** The share of failed answers among those that the model did not cut off, in percent. */
  percent: number;
}

/**
 * @param cut The texts of the messages whose answers the model cut off.
 * @param messages The number of accepted messages.
 */
export function countFailures(
  failures: readonly Failure[],
  cut: ReadonlySet<string>,
  messages: number,
): FailureCount {
  const rows = new Map<string, { code: string; modelWorked: number; modelFailed: number }>();
  for (const { code, text } of failures) {
    const row = rows.get(code) ?? { code, modelWorked: 0, modelFailed: 0 };
    row[cut.has(text) ? 'modelFailed' : 'modelWorked'] += 1;
    rows.set(code, row);
  }
  const sorted = [...rows.values()].sort((a, b) => totalOf(b) - totalOf(a));
  const failed = sorted.reduce((sum, row) => sum + row.modelWorked, 0);
  return { rows: sorted, percent: (100 * failed) / Math.max(1, messages - cut.size) };
}

function totalOf({ modelWorked, modelFailed }: FailureCount['rows'][number]): number {
  return modelWorked + modelFailed;
}
