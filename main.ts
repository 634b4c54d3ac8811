import { clientDir } from './core/installation/installed-files.ts';
import { runProcess } from './core/run-process.ts';

/** Everything in one process: a server and a worker on the same connections. */
await runProcess({
  entry: import.meta.url,
  isPart: false,
  start: async (config, log, group) => {
    // After the configuration was read: a fault in it is reported at once.
    const [{ openApp }, { startServer }, { startWorker }] = await Promise.all([
      import('./core/app.ts'),
      import('./server/server.ts'),
      import('./worker/worker.ts'),
    ]);
    const app = await openApp({ config, log, service: 'taskflow', group });
    try {
      const worker = await startWorker(app, { onStop: 'interrupt' });
      const server = await startServer(app, clientDir());
      return {
        facts: { url: server.url, database: app.database.target, models: app.llm.provider },
        stop: async () => {
          server.drain();
          await worker.stop();
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
