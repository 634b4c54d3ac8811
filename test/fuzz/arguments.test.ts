import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { subgraphSchema } from '../../server/graphql/schema/subgraph.ts';
import { expectCallersErrors } from '../support/fuzz/answers.ts';
import { hostileDocument } from '../support/fuzz/documents.ts';
import { hostileJson } from '../support/fuzz/hostile-json.ts';
import { runs } from '../support/fuzz/runs.ts';
import { fieldsWithArguments, variablesOf } from '../support/fuzz/schema-arguments.ts';
import { type WatchedSystem, watchSystem } from '../support/fuzz/watched-system.ts';
import type { GraphQLResult } from '../support/harness.ts';
import { sumOf } from '../support/held.ts';
import { CREATE } from '../support/operations.ts';

const GIVEN = { conversation: '(id: "CONVERSATION")' };
const FIELDS = fieldsWithArguments(subgraphSchema(), GIVEN);
/** An id of something that exists; it is looked up when it is used, so that a failure can be repeated. */
const existing = fc.constantFrom('CONVERSATION', 'MESSAGE', 'TURN', 'LOG', 'TOKEN', 'openai/gpt-4o-mini');

let system: WatchedSystem;
watchSystem((started) => {
  system = started;
});

/** Sends an operation whose variables are a text of JSON. Resolves to its results; of a subscription to those until it listens. */
async function send(query: string, variables: string, operationName = 'null'): Promise<GraphQLResult[]> {
  const leave = new AbortController();
  const isStream = query.startsWith('subscription');
  const response = await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${system.token}`,
      'content-type': 'application/json',
      accept: isStream ? 'text/event-stream' : 'application/json',
      connection: 'close',
    },
    body: `{"query":${JSON.stringify(query)},"variables":${variables},"operationName":${operationName}}`,
    signal: leave.signal,
  });
  expect(response.status).toBeLessThan(500);
  if (!isStream) return [(await response.json()) as GraphQLResult];
  let text: string | null = null;
  const whole = response.text().then(
    (ended) => (text = ended),
    () => (text = ''),
  );
  while (text === null && (await sumOf(system.app.metrics.subscriptionsActive)) === 0) await setImmediate();
  leave.abort();
  return [...(await whole).matchAll(/^data: (.+)$/gm)].map(([, data = '']) => JSON.parse(data));
}

/** Creates a conversation. Returns its id. */
async function conversation(): Promise<string> {
  const [created] = await send(CREATE, '{"input":{"greet":false}}');
  return created?.data.createConversation.conversation.id;
}

test('any document is answered', async () => {
  await fc.assert(
    fc.asyncProperty(hostileDocument, hostileJson, async (query, operationName) => {
      for (const result of await send(query, '{}', operationName)) expectCallersErrors(result);
      system.expectNoComplaints();
    }),
    runs(12),
  );
});

describe.each(FIELDS)('$name', ({ query, arguments: args }) => {
  test('answers whatever its arguments are', async () => {
    await fc.assert(
      fc.asyncProperty(variablesOf(args, existing), async (variables) => {
        const isNamed = `${query}${variables}`.includes('"CONVERSATION"');
        const id = isNamed ? await conversation() : '';
        const filled = (text: string) => text.replaceAll('"CONVERSATION"', JSON.stringify(id));
        for (const result of await send(filled(query), filled(variables))) expectCallersErrors(result);
        system.expectNoComplaints();
      }),
      runs(5),
    );
  });
});
