import { countOrAuto, duration, integer } from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

/** How much servers and workers do concurrently, and how they stop. */
export const processes = {
  processes: setting(countOrAuto(1, 64), {
    variable: 'PROCESSES',
    default: 'auto',
    decides:
      'How many processes share the work of this machine: each uses one core. With `DATABASE_URL` and `REDIS_URL`, `auto` is one for each core, at most 8, of `npm start` and of a worker, and one of a server; without them it is one. Where an orchestrator runs several containers, set `1`: see [docs/operations.md](docs/operations.md#the-cores-of-a-machine).',
  }),
  turnConcurrency: setting(integer(1, 10_000), {
    variable: 'TURN_CONCURRENCY',
    default: '200',
    decides: 'How many answers one worker process speaks at once.',
  }),
  turnsPerOwner: setting(integer(1, 1_000), {
    variable: 'TURNS_PER_OWNER',
    default: '8',
    decides:
      'How many answers of one owner are spoken at once, over all workers; one whose model has finished at READING pace does not count. The others wait in order. Single-user mode has no such limit, as there are no other owners to protect.',
  }),
  workerGraceMs: setting(duration, {
    variable: 'WORKER_GRACE_MS',
    default: '60000',
    decides: 'How long a separate worker keeps speaking after SIGTERM before it hands over the rest.',
  }),
  // A server stops within 10 s. The rest of that time is for closing its sockets and connections.
  drainDelayMs: setting(integer(0, 5_000, 'ms'), {
    variable: 'DRAIN_DELAY_MS',
    default: '0',
    decides:
      'How long a server keeps serving after SIGTERM while `/health/ready` is 503, so that a load balancer notices it.',
  }),
};
