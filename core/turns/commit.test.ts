import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryConversationStore } from '../../test/support/memory-conversation-store.ts';
import { newConversation } from '../conversations/new-conversation.ts';
import {
  NotFoundError,
  OutcomeUnknownError,
  StoreUnavailableError,
  UnavailableError,
} from '../domain/errors.ts';
import { DEFAULT_TENANT } from '../domain/owner.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import type { Snapshot } from '../store/draft.ts';
import { commit } from './commit.ts';
import { send, update } from './life.ts';

describe('a commit', () => {
  let clock: number;
  let stored: MemoryConversationStore;
  let id: string;
  const owner = { owner: 'o', tenant: DEFAULT_TENANT };
  const unavailable = () => new StoreUnavailableError('the connection was reset');

  beforeEach(async () => {
    clock = 1_000_000;
    stored = new MemoryConversationStore(() => clock);
    const draft = newConversation({ ...owner, provider: 'p', model: 'm', pacing: 'HUMAN' }, clock);
    id = draft.row.id;
    await stored.create({ ...draft, clientConversationId: null }, Number.POSITIVE_INFINITY);
  });

  /** The store with some methods replaced. */
  function storeWith(changed: Partial<ConversationStore>): ConversationStore {
    const own = ['read', 'commit', 'settledAt', 'now', 'clear', 'create', 'delete', 'unpublished'] as const;
    const plain = Object.fromEntries(own.map((name) => [name, stored[name].bind(stored)]));
    return { ...(plain as unknown as ConversationStore), ...changed };
  }
  function say(store: ConversationStore, { withinMs = 2_000, resolveWithinMs = 1_000 } = {}) {
    const options = { store, owner: null, withinMs, resolveWithinMs, lookAgainMs: 1 };
    return commit(options, id, async (snapshot) => ({
      change: send(snapshot, { text: 'Hello', before: null }),
      result: 'said',
    }));
  }
  const messages = () => stored.messagesOf(id).map(({ content }) => content);

  test('is decided again when another commit came first', async () => {
    let calls = 0;
    const store = storeWith({
      commit: async (from, change, ...rest) => {
        if (calls++ === 0) {
          const other = await stored.read(id);
          if (other)
            await stored.commit(
              other.row,
              update(other, { title: 'Other' }),
              'other',
              Number.POSITIVE_INFINITY,
            );
        }
        return stored.commit(from, change, ...rest);
      },
    });
    const { snapshot, result } = await say(store);
    expect([calls, result, snapshot.row.title]).toEqual([2, 'said', 'Other']);
    expect(messages()).toEqual(['Hello']);
  });

  describe('on a cached row', () => {
    let reads: number;
    const counted = () =>
      storeWith({
        read: async (...args) => {
          reads += 1;
          return stored.read(...args);
        },
      });
    const cached = async () => (await stored.read(id)) as Snapshot;
    function sayOn(recent: Snapshot, text = 'Hello') {
      reads = 0;
      const options = { store: counted(), owner: null, withinMs: 2_000, recent };
      return commit(options, id, async (snapshot) => ({
        change: snapshot.row.title === 'Taken' ? null : send(snapshot, { text, before: null }),
        result: snapshot.row.version,
      }));
    }

    test('needs no read', async () => {
      await sayOn(await cached());
      expect([reads, messages()]).toEqual([0, ['Hello']]);
    });

    test('is decided again when the row has changed since', async () => {
      const recent = await cached();
      await say(stored);
      const { result } = await sayOn(recent, 'And you?');
      expect([reads, result, messages()]).toEqual([1, recent.row.version + 1, ['Hello', 'And you?']]);
    });

    test('is not refused because of a wrong estimate of the clock', async () => {
      const recent = await cached();
      clock += 5_000;
      await sayOn(recent);
      expect([reads, messages()]).toEqual([1, ['Hello']]);
    });

    test('is not refused because of an outdated row', async () => {
      const { row, ...rest } = await cached();
      await sayOn({ ...rest, row: { ...row, title: 'Taken' } });
      expect([reads, messages()]).toEqual([1, ['Hello']]);
    });

    test('has no effect when its version belongs to another commit, as after a failover', async () => {
      await say(stored);
      const { row, ...rest } = await cached();
      const lost = { ...row, recentCommits: ['lost'], outbox: [], messageCount: 40 };
      await sayOn({ ...rest, row: lost }, 'And you?');
      expect([reads, (await cached()).row.messageCount]).toEqual([1, 2]);
    });
  });

  test('to a conversation that does not exist throws NotFoundError', async () => {
    await stored.delete(id, owner, Number.POSITIVE_INFINITY);
    await expect(say(storeWith({}))).rejects.toThrow(NotFoundError);
  });

  test('whose reply is lost throws NotFoundError when the conversation is deleted before the look-up', async () => {
    const store = storeWith({
      commit: async (...args) => {
        await stored.commit(...args);
        await stored.delete(id, owner, Number.POSITIVE_INFINITY);
        throw unavailable();
      },
    });
    await expect(say(store)).rejects.toThrow(NotFoundError);
  });

  test('is refused when the store does not answer before the statement is sent', async () => {
    await expect(say(storeWith({ read: () => new Promise(() => {}) }), { withinMs: 50 })).rejects.toThrow(
      UnavailableError,
    );
    expect(messages()).toEqual([]);
  });

  test('that waits in a frozen connection past its deadline has no effect and is refused', async () => {
    let thaw = () => {};
    const frozen = new Promise<void>((resolve) => {
      thaw = resolve;
    });
    let arrived: Promise<unknown> = Promise.resolve();
    const store = storeWith({
      commit: (...args) => {
        arrived = frozen.then(() => stored.commit(...args));
        return new Promise(() => {});
      },
      read: async (...args) => {
        const found = await stored.read(...args);
        clock += 30;
        return found;
      },
    });
    await expect(say(store, { withinMs: 50 })).rejects.toThrow(UnavailableError);
    thaw();
    expect(await arrived).toEqual({ outcome: 'late' });
    expect(messages()).toEqual([]);
  });

  test('whose reply is lost is looked up and returned as done', async () => {
    const store = storeWith({
      commit: async (...args) => {
        await stored.commit(...args);
        throw unavailable();
      },
    });
    const { snapshot } = await say(store);
    expect([...snapshot.messages.values()]).toMatchObject([{ content: 'Hello' }]);
    expect(messages()).toEqual(['Hello']);
  });

  test('whose reply is lost is found after a later commit, with what that commit stored', async () => {
    const store = storeWith({
      commit: async (...args) => {
        await stored.commit(...args);
        const other = await stored.read(id);
        if (other)
          await stored.commit(
            other.row,
            send(other, { text: 'And?', before: null }) as never,
            'x',
            Number.POSITIVE_INFINITY,
          );
        throw unavailable();
      },
    });
    const { snapshot } = await say(store);
    const named = snapshot.row.outbox.flatMap((entry) => (entry.type === 'MessageAdded' ? [entry.id] : []));
    expect(named.map((one) => snapshot.messages.get(one)?.content)).toEqual(['Hello', 'And?']);
  });

  test('that has begun and is still under way after its deadline is not refused', async () => {
    let looks = 0;
    let ends = (): Promise<unknown> => Promise.resolve();
    const store = storeWith({
      commit: (...args) => {
        const [from, change, commitId] = args;
        ends = () => stored.commit(from, change, commitId, Number.POSITIVE_INFINITY);
        return Promise.reject(unavailable());
      },
      // Nothing of it is seen before it ends.
      settledAt: async () => {
        clock += 10_000;
        looks += 1;
        if (looks === 5) await ends();
        return looks < 5 ? null : clock;
      },
    });
    await say(store);
    expect([looks, messages()]).toEqual([5, ['Hello']]);
  });

  test('that was not done is refused only after its deadline', async () => {
    let looks = 0;
    const store = storeWith({
      commit: () => Promise.reject(unavailable()),
      read: (...args) => {
        looks += 1;
        clock += 20;
        return stored.read(...args);
      },
    });
    await expect(say(store)).rejects.toThrow(UnavailableError);
    expect(looks).toBeGreaterThan(2);
  });

  test('whose outcome cannot be found out throws OutcomeUnknownError', async () => {
    let isUnavailable = false;
    const store = storeWith({
      commit: async () => {
        isUnavailable = true;
        throw unavailable();
      },
      read: (...args) => (isUnavailable ? Promise.reject(unavailable()) : stored.read(...args)),
    });
    await expect(say(store, { resolveWithinMs: 20 })).rejects.toThrow(OutcomeUnknownError);
  });
});
