import { clientDir } from '../core/installation/installed-files.ts';
import { runProcess } from '../core/run-process.ts';

/** Runs a server without a worker: any number of them can share a PostgreSQL and a Redis. */
await runProcess({
  entry: import.meta.url,
  isPart: true,
  usesCores: false,
  start: async (config, log, group) => {
    // After the configuration was read: a fault in it is reported at once.
    const [{ openApp }, { startServer }] = await Promise.all([
      import('../core/app.ts'),
      import('./server.ts'),
    ]);
    const app = await openApp({ config, log, service: 'taskflow-server', group });
    try {
      const server = await startServer(app, clientDir());
      return {
        facts: { url: server.url, database: app.database.target, models: app.llm.provider },
        stop: async () => {
          await server.stop();
          await app.stop();
        },
      };
    } catch (error) {
      await app.stop();
      throw error;
    }
  },
});
