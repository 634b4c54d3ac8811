import { burst } from './delivery/scenarios/burst.ts';
import { fanOut } from './delivery/scenarios/fan-out.ts';
import { heap } from './delivery/scenarios/heap.ts';
import { tokens } from './delivery/scenarios/tokens.ts';
import type { Scenario } from './scenario.ts';
import { latency } from './turns/latency.ts';
import { speaking } from './turns/speaking.ts';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [tokens, fanOut, burst, heap, latency, speaking];
