import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';

/**
 * Loaded into every measured process (`node --expose-gc --import`), ours and peers': answers questions of the benchmark over
 * the channel of child_process. Costs nothing between questions, except while it watches the event loop.
 */
const RESOLUTION_MS = 1;
let watched = null;

const ANSWERS = {
  /** Bytes of live objects, after a full garbage collection. */
  async heap() {
    for (let i = 0; i < 4; i++) {
      globalThis.gc();
      await turn();
    }
    return process.memoryUsage().heapUsed;
  },
  rss: () => process.memoryUsage().rss,
  watchLoop() {
    watched?.disable();
    watched = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    watched.enable();
    return 0;
  },
  /** The longest time between two turns of the event loop since `watchLoop`, in milliseconds. */
  longestBlock() {
    watched.disable();
    return Math.max(0, watched.max / 1e6 - RESOLUTION_MS);
  },
};

process.on('message', async ({ question }) => {
  if (ANSWERS[question]) process.send({ question, answer: await ANSWERS[question]() });
});
// The benchmark has ended before it stopped this process.
process.on('disconnect', () => process.exit());
process.channel?.unref();
