import { openApp } from '../core/app.ts';
import { requireShared } from '../core/config.ts';
import { runProcess } from '../core/run-process.ts';
import { startWorker } from './worker.ts';

/** How long to let go of everything once the last turn is over, in milliseconds. */
const CLOSE_MS = 9_500;

/** A worker alone: any number of them on the same PostgreSQL and Redis. */
await runProcess(
  async (config, log) => {
    requireShared(config);
    const app = await openApp({ config, log });
    try {
      const worker = await startWorker(app, { onStop: 'hand-over' });
      log.info({ database: app.database.target, models: app.llm.provider }, 'ready');
      return {
        stop: async () => {
          await worker.stop(config.workerGraceMs);
          await app.stop();
        },
      };
    } catch (error) {
      await app.stop();
      throw error;
    }
  },
  (config) => config.workerGraceMs + CLOSE_MS,
);
