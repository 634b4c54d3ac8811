import { within } from '../async/within.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** The time limit of the check, in milliseconds: a scrape does not wait for longer. */
const READY_WITHIN_MS = 800;

/** The metrics of a process, with whether it is ready now. */
export async function metricsWithReadiness(
  { registry, ready }: Pick<Metrics, 'registry' | 'ready'>,
  isReady: () => Promise<void>,
): Promise<string> {
  await within(READY_WITHIN_MS, isReady()).then(
    () => ready.set(1),
    () => ready.set(0),
  );
  return registry.metrics();
}
