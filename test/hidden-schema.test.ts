import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from './support/harness.ts';

const QUESTIONS = [
  '{ __schema { queryType { name } } }',
  '{ __type(name: "Query") { name } }',
  'query Q { viewer { id } ...f } fragment f on Query { __schema { types { name } } }',
];
const MISSPELT = '{ viewr { id } }';

let system: TestSystem;

describe('with INTROSPECTION=0 and GRAPHIQL=0', () => {
  beforeAll(async () => {
    system = await startTestSystem({ INTROSPECTION: '0', GRAPHIQL: '0' }, { worker: false });
  });
  afterAll(() => system.stop());

  /** The errors of an operation over HTTP and over WebSocket. */
  async function errorsOf(query: string) {
    const overHttp = await system.request(query);
    const overSocket = await system
      .listen(query)
      .result()
      .catch((errors) => ({ errors }));
    return [overHttp.errors, overSocket.errors];
  }

  test.each(QUESTIONS)('the schema is not disclosed by %s', async (query) => {
    for (const errors of await errorsOf(query))
      expect(errors[0]).toMatchObject({
        message: expect.stringContaining('introspection has been disabled'),
      });
  });

  test('an error does not say what a misspelt name might have meant', async () => {
    for (const errors of await errorsOf(MISSPELT))
      expect(errors).toMatchObject([{ message: 'Cannot query field "viewr" on type "Query".' }]);
  });

  test('__typename and operations are answered', async () => {
    const { data } = await system.request('{ __typename viewer { __typename } }');
    expect(data).toEqual({ __typename: 'Query', viewer: { __typename: 'Viewer' } });
  });

  test('a browser gets no page, and its operations need the rights that calls of programs need', async () => {
    const ask = (query: string, site: string) =>
      fetch(`${system.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'sec-fetch-site': site },
      });
    const typed = await ask('{ viewer { __typename } }', 'none');
    expect(await typed.json()).toEqual({ data: { viewer: { __typename: 'Viewer' } } });
    expect((await ask('{ viewer { __typename } }', 'cross-site')).status).toBe(403);
  });
});
