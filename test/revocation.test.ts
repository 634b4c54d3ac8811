import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { Frames } from './support/frames.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { createApiToken, REVOKE_TOKEN, requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';

const WHO = '{ viewer { id } }';
const CHANGES = 'subscription { conversationChanges { kind } }';

/** In how long a revocation holds on every server, in milliseconds. */
const WITHIN_MS = 5_000;

await describeBackends(
  'an API token that is revoked at one server',
  (backend) => {
    let one: TestSystem;
    let other: TestSystem;
    beforeAll(async () => {
      const env = { ...(await backend.env()), ...WITH_TOKENS };
      one = await startTestSystem(env);
      other = await startTestSystem({ ...env, OPENAI_BASE_URL: one.upstream.baseURL }, { worker: false });
    });
    afterAll(async () => {
      await other?.stop();
      await one?.stop();
    });

    /** A token of a new owner, a socket and a stream that are open by it at the other server. */
    async function opened(owner: string) {
      const session = await tokenFor({ sub: owner });
      const created = await createApiToken(one.url, session, { name: 'x', scopes: ['CONVERSATIONS_READ'] });
      const { secret } = created;
      const socket = await Frames.open(other.url);
      socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } });
      expect(await socket.next()).toEqual({ type: 'connection_ack' });
      socket.send({ id: 'a', type: 'subscribe', payload: { query: CHANGES } });
      const stream = await fetch(`${other.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: `Bearer ${secret}`,
        },
        body: JSON.stringify({ query: CHANGES }),
      });
      const id: string = created.apiToken.id;
      const revoke = async (by: string): Promise<Data> =>
        (await requestAs(one.url, by, REVOKE_TOKEN, { id })).data;
      return { session, secret, socket, stream, revoke };
    }

    test('[P-77] ends its sockets and streams at every server, and is accepted by none', async () => {
      const { session, secret, socket, stream, revoke } = await opened('nina');
      expect(await requestAs(other.url, secret, WHO)).toEqual({ data: { viewer: { id: 'nina' } } });
      const { revokeApiToken } = await revoke(session);
      expect(revokeApiToken.apiToken.revokedAt).toEqual(expect.any(String));
      const since = performance.now();
      expect(await socket.closed).toEqual({ code: 4403, reason: 'UNAUTHENTICATED: The token was revoked.' });
      await expect(stream.text()).rejects.toThrow();
      // On a busy machine a second is not exact; a server that had not heard of it would take three.
      expect(performance.now() - since).toBeLessThan(2 * WITHIN_MS);
      const refusal = { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] };
      for (const { url } of [one, other])
        await expect.poll(() => requestAs(url, secret, WHO), { interval: 50 }).toMatchObject(refusal);
      // Again, it stays as it is.
      expect((await revoke(session)).revokeApiToken.apiToken).toEqual(revokeApiToken.apiToken);
    });

    test('by somebody else goes on', async () => {
      const { secret, socket, revoke } = await opened('olga');
      for (const claims of [
        { sub: 'pam' },
        { sub: 'olga', tenant: 'acme' },
        { sub: 'pam', role: 'OPERATOR' },
      ])
        expect(await revoke(await tokenFor(claims))).toMatchObject({
          revokeApiToken: { __typename: 'NotFoundError', message: 'There is no such API token.' },
        });
      expect(await requestAs(other.url, secret, WHO)).toEqual({ data: { viewer: { id: 'olga' } } });
      await socket.close();
    });
  },
  { embedded: false },
);
