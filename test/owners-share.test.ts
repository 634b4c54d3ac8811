import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DEFAULT_TENANT, LOCAL_OWNER, type Owner } from '../core/domain/owner.ts';
import { sweep } from '../worker/sweep.ts';
import { describeBackends } from './support/backends.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import type { ScriptedRequest } from './support/scripted-model/scripted-request.ts';

const PER_OWNER = 3;
const ownerNamed = (owner: string): Owner => ({ owner, tenant: DEFAULT_TENANT });

await describeBackends('turns of many owners', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    // Far fewer at once than an owner has turns below: those that wait must not occupy a worker.
    const env = { TURNS_PER_OWNER: `${PER_OWNER}`, TURN_CONCURRENCY: '8' };
    system = await startTestSystem({ ...(await backend.env()), ...env });
  });
  afterAll(() => system.stop());
  afterEach(() => system.upstream.answerAll(null));

  /** Through core: the API has only one owner. */
  async function ask(owner: Owner, text: string) {
    const { turns, conversations, models } = system.app;
    const model = models.default.id;
    const { id } = await conversations.create({ owner, model, pacing: 'INSTANT', greet: false });
    return { ...(await turns.send({ conversationId: id, owner, text })), id };
  }
  const askAll = (owner: Owner, count: number) =>
    Promise.all(Array.from({ length: count }, (_, i) => ask(owner, `${owner.owner} ${i}`)));
  const askedBy = (requests: readonly Pick<ScriptedRequest, 'messages'>[]) =>
    requests.map(({ messages }) => messages.at(-1)?.content.split(' ')[0]);
  type Asked = Awaited<ReturnType<typeof ask>>;
  /** The messages that have not reached the model. */
  const notAmong = (requests: readonly ScriptedRequest[], asked: readonly Asked[]) => {
    const questions = requests.map(({ messages }) => messages.at(-1)?.content);
    return asked.filter(({ message }) => !questions.includes(message.content));
  };
  async function areAnswered(asked: readonly Asked[]) {
    const { message } = system.app.database.prisma;
    const where = { conversationId: { in: asked.map(({ id }) => id) }, role: 'ASSISTANT' as const };
    await expect.poll(() => message.count({ where }), { timeout: 60_000 }).toBe(asked.length);
  }
  async function taken(count: number): Promise<ScriptedRequest[]> {
    const requests: ScriptedRequest[] = [];
    while (requests.length < count) requests.push(await system.upstream.nextRequest());
    return requests;
  }
  async function finish(request: ScriptedRequest) {
    await request.send('Well.');
    await request.finish();
  }

  test('a limited number of turns of one owner is spoken at once, and other owners do not wait for the rest', async () => {
    const before = system.upstream.requests.length;
    const many = await askAll(ownerNamed('ann'), 20);
    const first = await taken(PER_OWNER);
    expect(askedBy(first)).toEqual(['ann', 'ann', 'ann']);
    await ask(ownerNamed('bob'), 'bob');
    const [bobs] = await taken(1);
    expect(askedBy([bobs as ScriptedRequest])).toEqual(['bob']);
    expect(system.upstream.requests.length).toBe(before + PER_OWNER + 1);

    await finish(first[0] as ScriptedRequest);
    const [next] = await taken(1);
    expect(askedBy([next as ScriptedRequest])).toEqual(['ann']);
    system.upstream.answerAll('Well.');
    for (const request of [...first.slice(1), bobs, next]) await finish(request as ScriptedRequest);
    await areAnswered(many);
  });

  test('turns that are interrupted while they wait keep no other turn waiting', async () => {
    const owner = ownerNamed('carl');
    const many = await askAll(owner, 12);
    const first = await taken(PER_OWNER);
    const { turns } = system.app;
    const waiting = notAmong(first, many).sort((one, other) => (one.turnId < other.turnId ? -1 : 1));
    const last = waiting.pop();
    for (const { id } of waiting) await turns.cancel(id, owner);
    for (const request of first) await finish(request);
    const [next] = await taken(1);
    expect(next?.messages.at(-1)?.content).toBe(last?.message.content);
    await finish(next as ScriptedRequest);
  });

  test('the user of single-user mode has no limit', async () => {
    await askAll(LOCAL_OWNER, 2 * PER_OWNER);
    for (const request of await taken(2 * PER_OWNER)) await finish(request);
  });

  test('a turn that waits is not taken for lost; a lost turn is found, and waits again', async () => {
    const owner = ownerNamed('dan');
    const many = await askAll(owner, PER_OWNER + 2);
    const first = await taken(PER_OWNER);
    const { app } = system;
    const driven: string[] = [];
    const turns = {
      drive: async (id: string) => {
        driven.push(id);
        return app.turns.drive(id);
      },
    };
    const share = { admit: async () => {} };
    const look = () => sweep({ ...app, turns, share, overdueMs: 0 });
    const waiting = notAmong(first, many).map(({ id, turnId }) => ({
      conversationId: id,
      turnId,
      ...owner,
    }));
    const areWaiting = () => Promise.all(waiting.map((turn) => app.slots.isWaiting(turn)));
    await expect.poll(areWaiting).toEqual([true, true]);
    await look();
    expect(driven).toEqual([]);
    for (const turn of waiting) await app.slots.release(turn);
    await look();
    expect(driven.sort()).toEqual(waiting.map(({ conversationId }) => conversationId).sort());
    await expect.poll(areWaiting).toEqual([true, true]);
    system.upstream.answerAll('Well.');
    for (const request of first) await finish(request);
    await areAnswered(many);
  });
});
