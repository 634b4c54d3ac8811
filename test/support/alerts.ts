import { parse } from 'yaml';
import { z } from 'zod';
import { readText } from './deployment.ts';

const file = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          labels: z.record(z.string(), z.string()),
          annotations: z.record(z.string(), z.string()),
        }),
      ),
    }),
  ),
});

const TEXT = 'deploy/prometheus/alerts.yml';

/** The alerts of deploy/prometheus/alerts.yml. */
export const alerts = file.parse(parse(readText(TEXT))).groups.flatMap(({ rules }) => rules);

const MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The same file with each duration of its rules divided by `factor`: those in brackets, after `offset` and after `for:`. Its
 * thresholds and its texts stay as they are.
 */
export function alertsFasterBy(factor: number): string {
  return readText(TEXT).replace(
    /(\[|offset |for: )(\d+)([smhd])\b/g,
    (_all, before: string, count: string, unit: string) =>
      `${before}${Math.round((Number(count) * (MS[unit] ?? Number.NaN)) / factor)}ms`,
  );
}
