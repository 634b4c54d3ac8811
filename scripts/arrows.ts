import { dirname, join } from 'node:path';
import { parseSync } from 'rolldown/experimental';

/**
 * The rooms, from the bottom up: code imports only its own room and rooms above it in this list, types included. So no two
 * rooms can import each other. A file belongs to the room with the longest path that it is in.
 */
export const ROOMS = [
  'packages/redaction',
  'packages/demo-model',
  'packages/client',
  'generated',
  'core/domain',
  'core/text',
  'core/speech',
  'core/prompt',
  'core/floor',
  'core/search',
  'core/async',
  'core/installation',
  'core/telemetry',
  'core/http',
  'core/processes',
  'core/redis',
  'core/clock',
  'core/db',
  'core/queue',
  'core/inference',
  'core/timers',
  'core/live/push',
  'core/live/changes',
  'core/live/feed',
  'core/live/presence',
  'core/live/model-health',
  'core/live/turn-slots',
  'core/live/revocations',
  'core/live/rates',
  'core/live',
  'core/llm/models',
  'core/llm/errors',
  'core/llm/provider',
  'core/llm/wire',
  'core/llm/model-list',
  'core/llm/registry',
  'core/llm/calls',
  'core/store',
  'core/turns',
  'core/conversations',
  'core/person',
  'core/config/kinds',
  'core/config/settings',
  'core/config',
  'core',
  'server/limits',
  'server/accounts',
  'server/graphql',
  'server/graphql/types',
  'server/graphql/queries',
  'server/graphql/mutations',
  'server/graphql/subscriptions',
  'server/graphql/schema',
  'server/graphiql',
  'server/transport/streams',
  'server/plugins',
  'server/transport',
  'server/openai',
  'server/person',
  'server',
  'worker',
  'client',
] as const;
type Room = (typeof ROOMS)[number];

/** Rooms that import less than what is above them: nothing of ours but these. */
const ALONE: Partial<Record<Room, readonly Room[]>> = {
  'packages/redaction': [],
  'packages/demo-model': [],
  'packages/client': [],
  'core/domain': [],
  'core/text': ['core/domain'],
  'core/speech': ['core/domain', 'core/text'],
  'core/prompt': ['core/domain', 'core/text', 'core/speech'],
  'core/floor': ['core/domain', 'core/text'],
  'core/search': ['core/domain', 'core/text'],
  'core/async': ['core/domain'],
  client: [],
};

/** They stand beside each other. */
const APPS = ['server', 'worker', 'client'];

/** Rooms of pure rules: no I/O, so no packages but these. */
const PURE: Partial<Record<Room, readonly string[]>> = {
  'core/domain': ['uuid'],
  'core/text': [],
  'core/speech': [],
  'core/prompt': [],
  'core/floor': [],
  'core/search': ['node:crypto'],
};

/** Packages that are a border: only these rooms speak to what is behind it. */
const BORDERS: Record<string, readonly Room[]> = {
  pg: ['core/db', 'core/queue'],
  '@prisma/adapter-pg': ['core/db'],
  '@electric-sql/pglite': ['core/db'],
  ioredis: ['core/redis', 'core/live/push', 'core/queue'],
  'graphql-redis-subscriptions': ['core/live/push'],
  bullmq: ['core/queue', 'core/telemetry'],
  openai: ['core/llm/provider', 'core/llm/errors', 'core/llm/calls'],
  '@taskflow/demo-model': ['core/llm/calls'],
  '@taskflow/redaction': ['worker', 'core/config/kinds'],
  'prom-client': ['core/telemetry', 'core/http'],
  pino: ['core/telemetry'],
  ws: ['server/transport'],
  jose: ['server/accounts'],
  'better-auth': ['server/accounts'],
  '@better-auth/prisma-adapter': ['server/accounts'],
  nodemailer: ['server/accounts'],
  'graphql-ws': ['server/transport', 'packages/client'],
  '@taskflow/client': ['client', 'packages/client'],
  'rate-limiter-flexible': ['core/live/rates'],
};

/**
 * The clients of the database. Owners' rows are read and written in core/store alone, so that a query that does not ask whose they
 * are can be in no other place. `core/app.ts` passes the clients on; accounts have tables of their own.
 */
const CLIENTS = /\bPrismaClient\b|\bStatements\b|\.prisma\b|\$(?:query|execute)Raw/;
const HOLD_CLIENTS = ['core/db', 'core/store', 'server/accounts'];
const PASSES_CLIENTS = 'core/app.ts';

/** A line for each import that goes against the arrows. `files`: their text, by their path from the root. */
export function arrowFaults(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, text]) => {
    const room = roomOf(path);
    if (!room) return /^(?:core|server|worker|packages)\//.test(path) ? [`${path} is in no room`] : [];
    const rows = reachesRows(path, text) ? [`${path} reaches rows: only ${HOLD_CLIENTS.join(', ')} may`] : [];
    const imports = importsOf(path, text).flatMap((wanted) => {
      const why = /^\.\.?\//.test(wanted)
        ? whyNotRoom(room, path, join(dirname(path), wanted))
        : whyNotPackage(room, path, wanted);
      return why ? [`${path} imports ${wanted}: ${why}`] : [];
    });
    return [...imports, ...rows];
  });
}

function reachesRows(path: string, text: string): boolean {
  if (isTest(path) || path === PASSES_CLIENTS || HOLD_CLIENTS.some((room) => isIn(path, room))) return false;
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  return /^(?:core|server|worker)\//.test(path) && CLIENTS.test(code);
}

function whyNotRoom(from: Room, path: string, target: string): string | null {
  const to = roomOf(target);
  if (to === from) return null;
  if (APPS.some((app) => isIn(target, app) && !isIn(path, app)))
    return `${from} and ${to} meet in core alone`;
  // A test may use all of core, and what supports tests; so may the texts that the redaction is measured on.
  if (isTest(path) || isIn(path, 'packages/redaction/corpus')) return null;
  if (!to) return `no room has ${target}`;
  const alone = ALONE[from];
  if (alone) return alone.includes(to) ? null : `${from} imports only ${alone.join(', ') || 'itself'}`;
  return ROOMS.indexOf(to) < ROOMS.indexOf(from) ? null : `${to} stands on ${from}`;
}

function whyNotPackage(room: Room, path: string, wanted: string): string | null {
  if (isTest(path)) return null;
  const name = wanted
    .split('/')
    .slice(0, wanted.startsWith('@') ? 2 : 1)
    .join('/');
  const border = BORDERS[name];
  if (border && !border.includes(room)) return `only ${border.join(', ')} may`;
  const pure = PURE[room];
  return pure && !pure.includes(name) ? `${room} holds pure rules` : null;
}

/** What a file imports: statically, dynamically, as a type, or to export it again. */
function importsOf(path: string, text: string): string[] {
  const { module } = parseSync(path, text);
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.map((entry) => entry.moduleRequest?.value),
  );
  const late = module.dynamicImports.map(
    ({ moduleRequest }) => /^['"](.*)['"]$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[1],
  );
  const typed = [...text.matchAll(/\bimport\(['"]([^'"]+)['"]\)/g)].map(([, wanted]) => wanted);
  const wanted = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...exported,
    ...late,
    ...typed,
  ];
  return [...new Set(wanted.filter((one) => one !== undefined))];
}

function roomOf(path: string): Room | null {
  const rooms = ROOMS.filter((room) => isIn(path, room));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? null;
}

function isIn(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}
