import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCAL_OWNER } from '../core/domain/owner.ts';
import { type Live, openRedis } from '../core/live/open-live.ts';
import { JobBackend } from '../core/queue/job-backend.ts';
import { turnJob } from '../core/queue/jobs.ts';
import { locateRedis } from '../core/redis/locate.ts';
import { createOwnCluster, type OwnCluster } from './support/servers/own-cluster.ts';
import { hasRedisServer } from './support/servers/own-redis.ts';

const has = hasRedisServer();
const log = pino({ level: 'silent' });
const prefix = 'live';
const nudge = { type: 'TypingNudge', text: 'x' } as const;

describe.skipIf(!has)(`${has ? '' : 'SKIPPED, no redis-server: '}what is live, on a Redis Cluster`, () => {
  let cluster: OwnCluster;
  let here: Live;
  let there: Live;
  /** A conversation on each node. */
  let conversations: string[];

  beforeAll(async () => {
    cluster = await createOwnCluster();
    // A client discovers the other nodes from one.
    const location = await locateRedis(cluster.masters[0]?.url ?? '');
    const open = () => openRedis({ location, log, prefix, turnsPerOwner: 8, onCommand: () => {} });
    [here, there] = [await open(), await open()];
    conversations = cluster.masters.map((node) => {
      let id = uuidv7();
      while (cluster.masterOf(`{${id}}`) !== node) id = uuidv7();
      return id;
    });
  });
  afterAll(async () => {
    await Promise.all([here?.stop(), there?.stop()]);
    await cluster?.remove();
  });

  test('the health of a model is shared', async () => {
    await here.modelHealth.open('m', 0);
    await expect.poll(() => there.modelHealth.isOpen('m')).toBe(true);
    expect(await there.modelHealth.allowRequest('m')).toBe(true);
    expect(await here.modelHealth.allowRequest('m')).toBe(false);
    await there.modelHealth.close('m');
    await expect.poll(() => here.modelHealth.isOpen('m')).toBe(false);
  });

  test('listeners of conversations on several nodes are found in one call', async () => {
    for (const id of conversations) await here.presence.join(id);
    for (const id of conversations) expect(await there.presence.isAnyone(id)).toBe(true);
  });

  test('changes and events of every node reach another process', async () => {
    const changes = there.changes.subscribe(LOCAL_OWNER);
    const heard = changes.next();
    await expect
      .poll(async () => {
        await here.changes.publish(LOCAL_OWNER, { kind: 'UPDATED', conversationId: 'c' });
        return Promise.race([heard, Promise.resolve(null)]);
      })
      .toMatchObject({ value: { kind: 'UPDATED' } });
    await changes.return?.();
    for (const id of conversations) {
      const events = there.feed.subscribe(id, { after: await here.feed.state(id) });
      const next = events.next();
      await here.feed.append(id, [nudge]);
      expect((await next).value).toMatchObject({ type: 'TypingNudge' });
      await events.return?.();
    }
  });

  test('commands that are sent together before their node is connected are all executed', async () => {
    const location = await locateRedis(cluster.url);
    const fresh = await openRedis({ location, log, prefix, turnsPerOwner: 8, onCommand: () => {} });
    const asked = Array.from({ length: 30 }, (_, i) => fresh.feed.state(conversations[i % 3] as string));
    expect(await Promise.all(asked)).toHaveLength(30);
    await fresh.stop();
  });

  test('the failover of one node begins new epochs there and nowhere else; every process follows', async () => {
    const backend = await JobBackend.open({
      ...{ store: { redis: await locateRedis(cluster.url) }, prefix, onError: () => {} },
    });
    const jobs = backend.producer(turnJob);
    await backend.ready();
    const epochs = () =>
      Promise.all(conversations.map(async (id) => (await here.feed.append(id, [nudge])).epoch));
    const before = await epochs();
    const victim = cluster.masterOf(`{${conversations[1]}}`);
    await victim.kill();
    await expect.poll(() => here.ready().then(() => 'ready', String)).not.toBe('ready');
    for (const live of [here, there])
      await expect.poll(() => live.ready().then(() => 'ready', String), { timeout: 60_000 }).toBe('ready');
    const after = await epochs();
    expect(after.map((epoch, i) => epoch === before[i])).toEqual([true, false, true]);
    // Every process agrees on it.
    expect((await there.feed.state(conversations[1] as string)).epoch).toBe(after[1]);
    await expect
      .poll(() => jobs.checkWritable().then(() => 'writes', String), { timeout: 60_000 })
      .toBe('writes');
    await backend.stop();
  });
});
