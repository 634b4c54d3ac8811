import { runProcess } from '../core/run-process.ts';

/** How long closing everything may take after the last turn, in milliseconds. */
const CLOSE_MS = 9_500;

/** A worker process: any number of them on the same PostgreSQL and Redis. */
await runProcess({
  entry: import.meta.url,
  isPart: true,
  usesCores: true,
  start: async (config, log, group) => {
    // After the configuration was read: a fault in it is reported at once.
    const [{ openApp }, { startEndpoints }, { startWorker }] = await Promise.all([
      import('../core/app.ts'),
      import('./endpoints.ts'),
      import('./worker.ts'),
    ]);
    const app = await openApp({ config, log, service: 'taskflow-worker', group });
    try {
      // Before the first turn, so that a port in use fails the start before a turn has begun.
      const endpoints = await startEndpoints(app);
      const worker = await startWorker(app, { onStop: 'hand-over' });
      endpoints.setReady(true);
      return {
        facts: { url: endpoints.url, database: app.database.target, models: app.llm.provider },
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
  stopWithinMs: (config) => config.workerGraceMs + CLOSE_MS,
});
