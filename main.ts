import { clientDir } from './core/installation/installed-files.ts';
import { runProcess } from './core/run-process.ts';

/**
 * A server and a worker on the same connections. Of several processes all speak, and the first one serves too: speaking is
 * what fills a core, and what belongs to one server, such as a stream of the single connection mode, stays whole.
 */
await runProcess({
  entry: import.meta.url,
  isPart: false,
  usesCores: true,
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
      const server = group.number === 1 ? await startServer(app, clientDir()) : null;
      if (!server) group.join({ metrics: () => app.metrics.registry.metrics(), ready: () => app.ready() });
      return {
        facts: { url: server?.url, database: app.database.target, models: app.llm.provider },
        stop: async () => {
          server?.drain();
          await worker.stop();
          await server?.stop();
          await app.stop();
        },
      };
    } catch (error) {
      await app.stop();
      throw error;
    }
  },
});
