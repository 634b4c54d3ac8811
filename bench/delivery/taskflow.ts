import { join } from 'node:path';
import { Redis } from 'ioredis';
import { encodeCursor } from '../../core/live/feed/cursor.ts';
import { RedisFeed } from '../../core/live/feed/redis.ts';
import { LivePush } from '../../core/live/push/live-push.ts';
import { RedisRun } from '../../core/redis/run.ts';
import { fromNodeId } from '../../server/graphql/ids.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { NO_LIMITS } from '../no-limits.ts';
import { startProcess } from '../process.ts';
import type { Contender, SpokenConversation } from './contender.ts';
import { createConversations } from './create-conversations.ts';
import { Speech } from './speech.ts';

const SERVER = join(import.meta.dirname, '..', '..', 'dist', 'server-main.js');
const PREFIX = 'bench-taskflow';

/** Starts the built product's server, without a worker: the benchmark speaks in its place, through the product's own feed. */
export async function startTaskFlow(redisUrl: string): Promise<Contender> {
  const database = await createTestDatabase();
  const server = await startProcess(SERVER, {
    ...process.env,
    ...NO_LIMITS,
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    REDIS_URL: redisUrl,
    REDIS_PREFIX: PREFIX,
    PORT: '0',
    LOG_FORMAT: 'json',
  });
  const redis = new Redis(redisUrl, { lazyConnect: true });
  const run = new RedisRun(redis);
  await redis.connect();
  await run.current;
  const [publisher, subscriber] = [new Redis(redisUrl), new Redis(redisUrl)];
  const push = new LivePush(publisher, subscriber, PREFIX);
  const feed = new RedisFeed({ redis, run, push, prefix: PREFIX });

  const speak = async (nodeId: string): Promise<SpokenConversation> => {
    const id = fromNodeId(nodeId)?.id ?? '';
    const speech = new Speech();
    const pending = { id: speech.turnId, cause: 'USER_MESSAGE', model: 'bench' } as const;
    await feed.advance(id, { pending, last: null, over: [], entries: [] });
    const turn = await feed.claim(id, speech.turnId);
    if (!turn) throw new Error('the turn was not opened');
    const { epoch, seq } = await feed.state(id);
    return {
      variables: { conversationId: nodeId, after: encodeCursor({ epoch, seq }) },
      get sent() {
        return speech.sent;
      },
      speak: () => feed.speak(id, turn, speech.next().text, 1),
    };
  };
  return {
    name: 'taskflow',
    process: server,
    open: async (count) => Promise.all((await createConversations(server.url, count)).map(speak)),
    async inOnePiece(publishAll) {
      await redis.multi({ pipeline: false });
      publishAll();
      const replies = (await redis.exec()) ?? [];
      const refused = replies.find(([error, outcome]) => error || outcome !== 'spoken');
      if (refused) throw new Error(`a token was not published: ${refused}`);
    },
    async stop() {
      push.stop();
      await feed.stop();
      for (const connection of [redis, publisher, subscriber]) connection.disconnect();
      await server.stop();
      await database.drop();
    },
  };
}
