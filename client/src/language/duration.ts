import type { Translation } from './translation.ts';

const SECOND_MS = 1_000;

/** A duration in short: `120 ms`, `1.2 s`, `12 s`, in the words of the language. */
export function duration(ms: number, { number }: Pick<Translation, 'number'>): string {
  const unit = { style: 'unit', unitDisplay: 'narrow' } as const;
  if (ms < SECOND_MS) return number(Math.round(ms), { ...unit, unit: 'millisecond' });
  const digits = ms < 10 * SECOND_MS ? 1 : 0;
  return number(ms / SECOND_MS, {
    ...unit,
    unit: 'second',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
