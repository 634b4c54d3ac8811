import { calls } from './calls.ts';
import { burst } from './delivery/scenarios/burst.ts';
import { fanOut } from './delivery/scenarios/fan-out.ts';
import { heap } from './delivery/scenarios/heap.ts';
import { reconnect } from './delivery/scenarios/reconnect.ts';
import { tokens } from './delivery/scenarios/tokens.ts';
import { reads } from './reads/reads.ts';
import type { Scenario } from './scenario.ts';
import { start } from './start.ts';
import { latency } from './turns/latency.ts';
import { speaking } from './turns/speaking.ts';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  tokens,
  fanOut,
  burst,
  heap,
  latency,
  speaking,
  reconnect,
  reads,
  start,
  calls,
];
