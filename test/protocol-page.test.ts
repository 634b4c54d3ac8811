import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type GraphQLFieldMap,
  type GraphQLObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../core/config/config.ts';
import { aboutOf } from '../core/config/kinds/setting.ts';
import { limits as settings } from '../core/config/settings/limits.ts';
import { LONGEST_NAME, LONGEST_WORDS, PREVIEW_LENGTH } from '../core/inference/inference-record.ts';
import { DEFAULT_BOUNDS } from '../core/live/feed/event-buffer.ts';
import { DEFAULT_RETENTION } from '../core/live/feed/feed.ts';
import { TITLE_GRAPHEMES } from '../core/text/title.ts';
import { TYPING_LAPSES_MS } from '../core/timers/timers.ts';
import { MAX_ERRORS } from '../server/graphql/documents/refusals.ts';
import { MAX_MESSAGE_BYTES, MAX_REPRESENTATIONS, OPERATION_LIMITS } from '../server/graphql/limits.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../server/graphql/page.ts';
import { schema } from '../server/graphql/schema/schema.ts';
import { EVENT_STREAM } from '../server/transport/streams/event-stream.ts';
import { MULTIPART } from '../server/transport/streams/multipart.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');
const page = read('docs/protocol.md');

/** The number to which a constant that its file does not export is set. */
function constant(path: string, pattern: RegExp): number {
  const [, number = ''] = pattern.exec(read(path)) ?? [];
  return Number(number.replaceAll('_', ''));
}

/** Those of a server with several owners: single-user mode has no limits of one owner. */
const DEFAULTS = loadConfig({ AUTH_JWT_SECRET: 'a secret of at least thirty-two bytes' });
const LIMITS: Record<string, number> = {
  'items of a page': MAX_PAGE_SIZE,
  'items of a page where neither `first` nor `last` is given': DEFAULT_PAGE_SIZE,
  'text of a message, in code points, trimmed': constant(
    'server/graphql/mutations/input.ts',
    /personText\(([\d_]+)\)/,
  ),
  'title that a person gives, in code points, trimmed': constant(
    'server/graphql/mutations/update-conversation.ts',
    /personText\(([\d_]+)\)/,
  ),
  'title that the first message gives, in characters as readers count': TITLE_GRAPHEMES,
  'text of telemetry, in UTF-16 code units': LONGEST_WORDS,
  'name of a model or provider in telemetry': LONGEST_NAME,
  'preview that telemetry keeps of a text': PREVIEW_LENGTH,
  'buckets in `inferenceStats`': constant(
    'server/graphql/queries/inference-stats.ts',
    /MOST_BUCKETS = ([\d_]+)/,
  ),
  'request body or WebSocket message, in bytes': MAX_MESSAGE_BYTES,
  'tokens of a document': DEFAULTS.documentMaxTokens,
  'characters of a document': DEFAULTS.documentMaxCharacters,
  'lines of a document': DEFAULTS.documentMaxLines,
  'fields and fragments that a document selects, those of fragments wherever they are spread':
    DEFAULTS.documentMaxSelections,
  'pairs of fields with one name in the result, times their depth': DEFAULTS.documentMaxComparisons,
  'errors of one document': MAX_ERRORS,
  'bytes of one result': DEFAULTS.responseMaxBytes,
  'fields of introspection in one result': constant(
    'server/graphql/result-size.ts',
    /MOST_OF_INTROSPECTION = ([\d_]+)/,
  ),
  'queries of one caller that run at once at a server': DEFAULTS.queriesPerOwner,
  'bytes that wait on one connection, before a further message': DEFAULTS.connectionMaxUnreadBytes,
  'bytes that wait for one caller, before a further large result': DEFAULTS.callerMaxUnreadBytes,
  'milliseconds in which nothing of an HTTP response is read': constant(
    'server/transport/unread-response.ts',
    /UNREAD_WITHIN_MS = ([\d_]+)/,
  ),
  'pings and pongs of a client within a second': DEFAULTS.socketMaxPings,
  'depth of an operation': OPERATION_LIMITS.depth,
  'breadth of an operation': OPERATION_LIMITS.breadth,
  'complexity of an operation': OPERATION_LIMITS.complexity,
  'events that wait for one listener': DEFAULT_BOUNDS.events,
  'characters that wait for one listener': DEFAULT_BOUNDS.characters,
  'events that a feed retains': DEFAULT_RETENTION.events,
  'bytes of events that a feed retains': DEFAULT_RETENTION.bytes,
  'milliseconds that a feed is retained after its newest event': DEFAULT_RETENTION.ageMs,
  'feeds that one process without Redis retains': constant(
    'core/live/feed/memory.ts',
    /options\.conversations \?\? ([\d_]+)/,
  ),
  'milliseconds for `connection_init`': DEFAULTS.socketInitMs,
  'open subscriptions of a WebSocket or a shared stream': DEFAULTS.subscriptionsPerSocket,
  'running queries and mutations of a WebSocket or a shared stream': DEFAULTS.operationsPerSocket,
  'milliseconds between two pings of a silent WebSocket': constant(
    'server/transport/websocket.ts',
    /KEEP_ALIVE_MS = ([\d_]+)/,
  ),
  'milliseconds between two comments of server-sent events': EVENT_STREAM.heartbeatMs,
  'milliseconds between two empty parts of a multipart response': MULTIPART.heartbeatMs,
  'milliseconds to open a stream that was reserved': constant(
    'server/transport/single-connection.ts',
    /OPEN_WITHIN_MS = ([\d_]+)/,
  ),
  'streams of one server that are reserved and not open': constant(
    'server/transport/single-connection.ts',
    /MOST_RESERVED = ([\d_]+)/,
  ),
  'characters of `partialContent`': constant(
    'server/graphql/types/conversation-event.ts',
    /PARTIAL_LENGTH = ([\d_]+)/,
  ),
  '`representations` of `_entities`': MAX_REPRESENTATIONS,
  'silence before the nudge': DEFAULTS.idleNudgeMs,
  'silence after the nudge before the end': DEFAULTS.idleEndMs,
  'typing without sending before a TypingNudge': DEFAULTS.typingNudgeMs,
  'typing lapses without another report': TYPING_LAPSES_MS,
  'listeners of a server that died still count': constant(
    'core/live/presence/redis.ts',
    /lifetimeMs = ([\d_]+)/,
  ),
};

describe('docs/protocol.md', () => {
  test('states the limits and times of the code, and no other', () => {
    const tables = page.slice(page.indexOf('## Silence'));
    const rows = [...tables.matchAll(/^\| ([^|]+) \| ([\d,]+) \|/gm)].map(([, label, number = '']) => [
      label,
      Number(number.replaceAll(',', '')),
    ]);
    expect(Object.fromEntries(rows)).toEqual(LIMITS);
    expect(rows).toHaveLength(Object.keys(LIMITS).length);
  });

  test('explains every error code of the server', () => {
    const sources = readdirSync(`${ROOT}server`, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .map((path) => read(`server/${path}`));
    const codes = sources.flatMap((source) =>
      [...source.matchAll(/\bcode: '([A-Z_]+)'/g)].map(([, code = '']) => code),
    );
    expect(codes).toContain('SLOW_LISTENER');
    for (const code of codes) expect(page, code).toContain(`\`${code}\``);
  });

  test('says what a client does with every type of event and every error of a result', () => {
    const event = schema.getType('ConversationEvent');
    const error = schema.getType('UserError');
    if (!isInterfaceType(event) || !isInterfaceType(error)) throw new Error('both are interfaces');
    for (const { name } of [...schema.getPossibleTypes(event), ...schema.getPossibleTypes(error)])
      expect(page, name).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\| `, 'm'));
  });

  test('has every type of event in its grammar', () => {
    const [, grammar = ''] = /```ebnf\n([^`]+(?:`[^`\n]+`[^`]+)*)```/.exec(page) ?? [];
    const event = schema.getType('ConversationEvent');
    if (!isInterfaceType(event)) throw new Error('it is an interface');
    for (const { name } of schema.getPossibleTypes(event)) expect(grammar).toContain(name);
  });
});

test('docs/limits.md states the default of every limit', () => {
  const limits = read('docs/limits.md');
  for (const read of Object.values(settings)) {
    const { variable, default: value } = aboutOf(read);
    expect(limits).toContain(`| \`${variable}\` | ${Number(value).toLocaleString('en')} |`);
  }
});

describe('the schema', () => {
  test('[P-54] every field can be asked for without an alias, and every error of a result is a UserError', () => {
    for (const type of Object.values(schema.getTypeMap())) {
      if ((!isUnionType(type) && !isInterfaceType(type)) || type.name === 'Node') continue;
      const types = new Map<string, string>();
      for (const member of schema.getPossibleTypes(type))
        for (const { name, type: of } of Object.values<GraphQLFieldMap<unknown, unknown>[string]>(
          member.getFields(),
        )) {
          const before = types.get(name) ?? String(of);
          expect(String(of), `${type.name}: ${member.name}.${name}`).toBe(before);
          types.set(name, before);
        }
    }
    const results = Object.values(schema.getTypeMap()).filter(({ name }) => name.endsWith('Result'));
    const errors = results.flatMap((type) => (isUnionType(type) ? type.getTypes() : [])).filter(isError);
    expect(errors.length).toBeGreaterThan(10);
    for (const type of errors) expect(type.getInterfaces().map(({ name }) => name)).toContain('UserError');
  });
});

function isError(type: GraphQLObjectType): boolean {
  return isObjectType(type) && !type.name.endsWith('Success');
}
