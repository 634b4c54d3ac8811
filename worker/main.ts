import { requireShared } from '../core/config/config.ts';
import { runProcess } from '../core/run-process.ts';
import { componentLog } from '../core/telemetry/log.ts';

/** How long closing everything may take after the last turn, in milliseconds. */
const CLOSE_MS = 9_500;

/** A worker process: any number of them on the same PostgreSQL and Redis. */
await runProcess(
  async (config, log) => {
    requireShared(config);
    // After the configuration was read: a fault in it is reported at once.
    const [{ openApp }, { startEndpoints }, { startWorker }] = await Promise.all([
      import('../core/app.ts'),
      import('./endpoints.ts'),
      import('./worker.ts'),
    ]);
    const app = await openApp({ config, log, service: 'taskflow-worker' });
    try {
      // Before the first turn, so that a port in use fails the start before a turn has begun.
      const endpoints = await startEndpoints(app);
      const worker = await startWorker(app, { onStop: 'hand-over' });
      endpoints.setReady(true);
      const { database, llm } = app;
      componentLog(log, 'app').info(
        { url: endpoints.url, database: database.target, models: llm.provider },
        'ready',
      );
      return {
        stop: async () => {
          endpoints.setReady(false);
          await worker.stop(config.workerGraceMs);
          await endpoints.stop();
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
