import { fileURLToPath } from 'node:url';
import { openApp } from './core/app.ts';
import { runProcess } from './core/run-process.ts';
import { startServer } from './server/server.ts';
import { startWorker } from './worker/worker.ts';

/** Everything in one process: a server and a worker on the same connections. */
await runProcess(async (config, log) => {
  const root = new URL(import.meta.url.includes('/dist/') ? '..' : '.', import.meta.url);
  const migrationsDir = fileURLToPath(new URL('prisma/migrations', root));
  const app = await openApp({ config, log, migrationsDir });
  try {
    const worker = await startWorker({
      ...app,
      concurrency: config.turnConcurrency,
      contextMessages: config.contextMessages,
      onStop: 'interrupt',
    });
    const server = await startServer(app, fileURLToPath(new URL('dist/client', root)));
    log.info({ url: server.url, database: app.database.target, models: app.llm.provider }, 'ready');
    return {
      stop: async () => {
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
