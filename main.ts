import { clientDir } from './core/installation/installed-files.ts';
import { runProcess } from './core/run-process.ts';
import { componentLog } from './core/telemetry/log.ts';

/** Everything in one process: a server and a worker on the same connections. */
await runProcess(async (config, log) => {
  // After the configuration was read: a fault in it is reported at once.
  const [{ openApp }, { startServer }, { startWorker }] = await Promise.all([
    import('./core/app.ts'),
    import('./server/server.ts'),
    import('./worker/worker.ts'),
  ]);
  const app = await openApp({ config, log, service: 'taskflow' });
  try {
    const worker = await startWorker(app, { onStop: 'interrupt' });
    const server = await startServer(app, clientDir());
    componentLog(log, 'app').info(
      { url: server.url, database: app.database.target, models: app.llm.provider },
      'ready',
    );
    return {
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
});
