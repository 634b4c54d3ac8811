import type { Parameters } from 'fast-check';

/** Where the generators begin: a failure is repeated by the seed and the path that fast-check prints. FUZZ_SEED sets another. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_201);

/** What has not ended by then has hung: it fails, and is made as small as it can be. In milliseconds. */
const HANGS_MS = Number(process.env.FUZZ_HANGS_MS ?? 60_000);

/** How a property runs: as often as given, or as FUZZ_RUNS says. What fails is made as small as it can be, and printed. */
export function runs<T>(standard: number): Parameters<T> {
  const numRuns = Number(process.env.FUZZ_RUNS ?? standard);
  return { seed: SEED, numRuns, timeout: HANGS_MS };
}
