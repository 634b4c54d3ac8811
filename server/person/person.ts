import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type App, openApp } from '../../core/app.ts';
import { type Config, loadConfig } from '../../core/config/config.ts';
import type { Owner } from '../../core/domain/owner.ts';
import { StartError } from '../../core/domain/start-error.ts';
import type { Erased } from '../../core/person/erasure.ts';
import { exportPerson } from '../../core/person/export-person.ts';
import { describeFailure } from '../../core/run-process.ts';
import { createLog } from '../../core/telemetry/log.ts';
import { toNodeId } from '../graphql/ids.ts';
import { readPersonArguments } from './arguments.ts';

/** `npm run person`: prints everything of one person as JSON, or erases it. Servers and workers may run meanwhile. */
try {
  const { action, person } = readPersonArguments(process.argv.slice(2));
  const app = await openApp({
    config: withoutModels(loadConfig()),
    log: createLog({ level: 'silent', format: 'json' }),
    service: 'taskflow',
  });
  try {
    if (action === 'export') await print(exportPerson({ rows: app.personRows, nodeId: toNodeId }, person));
    else await erase(app, person);
  } finally {
    await app.stop();
  }
} catch (error) {
  process.stderr.write(`taskflow: ${describeFailure(error)}\n`);
  process.exitCode = 1;
}

/** No model is called, so none is looked for, and there is nothing to trace. */
function withoutModels(config: Config): Config {
  const none = { openrouterApiKey: undefined, openaiApiKey: undefined, openaiBaseUrl: undefined };
  return { ...config, ...none, modelsFile: undefined, otlpEndpoint: undefined };
}

async function print(pieces: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(pieces), process.stdout, { end: false });
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw code === 'EPIPE'
      ? new StartError('nobody reads standard output to its end', { cause: error })
      : error;
  }
}

async function erase({ erasure, config, database }: App, person: Owner): Promise<void> {
  const isAlone = database.embedded;
  const isLiveElsewhere = !isAlone && config.redisUrl === undefined;
  const { found, isComplete } = await erasure.run(person, {
    ...(isAlone && { quietMs: 0 }),
    isLiveElsewhere,
  });
  process.stdout.write(summaryOf(person, found));
  if (isLiveElsewhere)
    process.stdout.write(
      'Without REDIS_URL, feeds are in the memory of the server, which ends them within seconds.\n',
    );
  if (isComplete) return;
  process.stderr.write(
    'taskflow: there still was something in the last round: stop their calls, and run it again\n',
  );
  process.exitCode = 1;
}

function summaryOf({ owner, tenant }: Owner, found: Erased['found']): string {
  const lines: [count: number, what: string][] = [
    [found.conversations, 'conversations, with their messages'],
    [found.apiTokens, 'API tokens'],
    [found.inferenceLogs, 'records of calls to models: only measurements are left'],
    [found.turnSlots, 'turns that waited for others'],
    [found.jobs, 'jobs'],
    [found.account, 'rows of their account, where they were signed in, and how'],
  ];
  const rows = lines.map(([count, what]) => `${String(count).padStart(8)}  ${what}\n`);
  return `Erased ${owner} of the tenant ${tenant}:\n${rows.join('')}`;
}
