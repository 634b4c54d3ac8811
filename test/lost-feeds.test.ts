import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { CREATE } from './support/operations.ts';

const LISTENERS = 200;

await describeBackends('when every feed is lost at once', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem(await backend.env(), { worker: false });
  });
  afterAll(() => system.stop());

  test('each conversation is read once, and mutations are served meanwhile', async () => {
    const { feed, store } = system.app;
    const ids = Array.from({ length: LISTENERS }, () => uuidv7());
    await system.app.database.prisma.conversation.createMany({
      data: ids.map((id) => ({
        id,
        owner: 'o',
        status: 'ACTIVE',
        model: 'm',
        provider: 'p',
        pacing: 'HUMAN',
        lastActivityAt: new Date(),
      })),
    });
    const look = vi.spyOn(store, 'read');
    const listeners = ids.map((id) => feed.subscribe(id, { after: { epoch: 'lost', seq: 1 } }));
    const firstEvents = listeners.map(async (events) => (await events.next()).value?.type);
    const { data } = await system.request(CREATE, { input: { greet: false } });
    expect(data.createConversation.__typename).toBe('CreateConversationSuccess');
    expect(new Set(await Promise.all(firstEvents))).toEqual(new Set(['FeedReset']));
    expect(look).toHaveBeenCalledTimes(LISTENERS);
    for (const events of listeners) await events.return?.();
  });
});
