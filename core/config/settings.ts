import { z } from 'zod';
import { aboutOf } from './kinds/setting.ts';
import { accounts } from './settings/accounts.ts';
import { bounds } from './settings/bounds.ts';
import { inferenceLog } from './settings/inference-log.ts';
import { limits } from './settings/limits.ts';
import { listening } from './settings/listening.ts';
import { modelCalls } from './settings/model-calls.ts';
import { models } from './settings/models.ts';
import { observability } from './settings/observability.ts';
import { pace } from './settings/pace.ts';
import { processes } from './settings/processes.ts';
import { search } from './settings/search.ts';
import { silence } from './settings/silence.ts';
import { storage } from './settings/storage.ts';

/**
 * Every environment variable that TaskFlow reads, by its name in the configuration. README's tables and `.env.example` are
 * generated from it: `npm run generate`.
 */
export const SETTINGS = z.object({
  ...listening,
  ...accounts,
  ...limits,
  ...bounds,
  ...storage,
  ...search,
  ...models,
  ...modelCalls,
  ...pace,
  ...silence,
  ...processes,
  ...observability,
  ...inferenceLog,
});

/** The settings as pages show them. Titles and introductions are Markdown. */
export const GROUPS = [
  { title: 'Listening', settings: listening },
  {
    title: 'Accounts',
    intro: 'Who may call: [docs/accounts.md](docs/accounts.md) has a line to try for each way.',
    settings: accounts,
  },
  {
    title: 'Limits',
    intro:
      'What one caller can take of the service: [docs/limits.md](docs/limits.md) says what happens beyond each. 0 turns a limit off. Limits of one owner protect the other owners: in single-user mode they hold only if they are set.',
    settings: limits,
  },
  {
    title: 'Limits of a call',
    intro: 'Beyond them a caller gets an error that says which: [docs/protocol.md](docs/protocol.md#limits).',
    settings: bounds,
  },
  { title: 'Storage', settings: storage },
  { title: 'Search', settings: search },
  {
    title: 'Models',
    intro:
      'If none of the first three is set, Demo answers, a script inside the process. [docs/models.md](docs/models.md) has a line for each server.',
    settings: models,
  },
  { title: 'Calls to models', settings: modelCalls },
  { title: 'Pace', settings: pace },
  { title: 'Silence', settings: silence },
  { title: 'Servers and workers', settings: processes },
  { title: 'Logs, metrics, traces', settings: observability },
  { title: 'Log of calls to models', settings: inferenceLog },
];

/** The rows of the table, in its order, each with its description. */
export const ROWS = Object.entries(SETTINGS.shape).map(([name, read]) => ({ name, read, ...aboutOf(read) }));
