import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryConversationStore } from '../../test/support/memory-conversation-store.ts';
import { newConversation } from '../conversations/new-conversation.ts';
import {
  NotFoundError,
  OutcomeUnknownError,
  StoreUnavailableError,
  UnavailableError,
} from '../domain/errors.ts';
import { commit } from './commit.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { Snapshot } from './draft.ts';
import { send, update } from './life.ts';

describe('a commit', () => {
  let clock: number;
  let stored: MemoryConversationStore;
  let id: string;
  const away = () => new StoreUnavailableError('the connection was reset');

  beforeEach(async () => {
    clock = 1_000_000;
    stored = new MemoryConversationStore(() => clock);
    const draft = newConversation({ owner: 'o', provider: 'p', model: 'm', pacing: 'HUMAN' }, clock);
    id = draft.row.id;
    await stored.create({ ...draft, clientConversationId: null }, Number.POSITIVE_INFINITY);
  });

  /** The stored conversations, but for what is given; those are called with what they stand in for. */
  function but(changed: Partial<ConversationStore>): ConversationStore {
    const own = ['read', 'commit', 'now', 'clear', 'create', 'delete', 'unpublished'] as const;
    const plain = Object.fromEntries(own.map((name) => [name, stored[name].bind(stored)]));
    return { ...(plain as unknown as ConversationStore), ...changed };
  }
  function say(store: ConversationStore, { withinMs = 2_000, resolveWithinMs = 1_000 } = {}) {
    const options = { store, withinMs, resolveWithinMs, lookAgainMs: 1 };
    return commit(options, id, async (snapshot) => ({
      change: send(snapshot, { text: 'Hello', before: null }),
      result: 'said',
    }));
  }
  const messages = () => stored.messagesOf(id).map(({ content }) => content);

  test('is decided again where another one came first', async () => {
    let calls = 0;
    const store = but({
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

  describe('on a row that is remembered', () => {
    let looks: number;
    const counted = () =>
      but({
        read: async (...args) => {
          looks += 1;
          return stored.read(...args);
        },
      });
    const remembered = async () => (await stored.read(id)) as Snapshot;
    function sayOn(recent: Snapshot, text = 'Hello') {
      looks = 0;
      const options = { store: counted(), withinMs: 2_000, recent };
      return commit(options, id, async (snapshot) => ({
        change: snapshot.row.title === 'Taken' ? null : send(snapshot, { text, before: null }),
        result: snapshot.row.version,
      }));
    }

    test('needs no look', async () => {
      await sayOn(await remembered());
      expect([looks, messages()]).toEqual([0, ['Hello']]);
    });

    test('is decided again where the row has changed since', async () => {
      const recent = await remembered();
      await say(stored);
      const { result } = await sayOn(recent, 'And you?');
      expect([looks, result, messages()]).toEqual([1, recent.row.version + 1, ['Hello', 'And you?']]);
    });

    test('is not refused for a clock that was reckoned wrong', async () => {
      const recent = await remembered();
      clock += 5_000;
      await sayOn(recent);
      expect([looks, messages()]).toEqual([1, ['Hello']]);
    });

    test('is not refused for what the row says no more', async () => {
      const { row, ...rest } = await remembered();
      await sayOn({ ...rest, row: { ...row, title: 'Taken' } });
      expect([looks, messages()]).toEqual([1, ['Hello']]);
    });

    test('does nothing where its number stands for another commit, as after a failover', async () => {
      await say(stored);
      const { row, ...rest } = await remembered();
      const lost = { ...row, recentCommits: ['lost'], outbox: [], messageCount: 40 };
      await sayOn({ ...rest, row: lost }, 'And you?');
      expect([looks, (await remembered()).row.messageCount]).toEqual([1, 2]);
    });
  });

  test('of what is not there is a NotFoundError', async () => {
    await stored.delete(id, 'o', Number.POSITIVE_INFINITY);
    await expect(say(but({}))).rejects.toThrow(NotFoundError);
  });

  test('whose reply is lost, of what is deleted before it is looked up, is a NotFoundError: it may have been done', async () => {
    const store = but({
      commit: async (...args) => {
        await stored.commit(...args);
        await stored.delete(id, 'o', Number.POSITIVE_INFINITY);
        throw away();
      },
    });
    await expect(say(store)).rejects.toThrow(NotFoundError);
  });

  test('is refused when the store freezes before it is sent', async () => {
    await expect(say(but({ read: () => new Promise(() => {}) }), { withinMs: 50 })).rejects.toThrow(
      UnavailableError,
    );
    expect(messages()).toEqual([]);
  });

  test('that waited in a frozen connection past its deadline does nothing, and is refused', async () => {
    let thaw = () => {};
    const frozen = new Promise<void>((resolve) => {
      thaw = resolve;
    });
    let arrived: Promise<unknown> = Promise.resolve();
    const store = but({
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

  test('whose reply is lost is found again, and answered as done', async () => {
    const store = but({
      commit: async (...args) => {
        await stored.commit(...args);
        throw away();
      },
    });
    const { snapshot } = await say(store);
    expect([...snapshot.messages.values()]).toMatchObject([{ content: 'Hello' }]);
    expect(messages()).toEqual(['Hello']);
  });

  test('whose reply is lost, and which another followed, is found with what that one has stored', async () => {
    const store = but({
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
        throw away();
      },
    });
    const { snapshot } = await say(store);
    const named = snapshot.row.outbox.flatMap((entry) => (entry.type === 'MessageAdded' ? [entry.id] : []));
    expect(named.map((one) => snapshot.messages.get(one)?.content)).toEqual(['Hello', 'And?']);
  });

  test('that was not done is refused only once it cannot be done any more', async () => {
    let looks = 0;
    const store = but({
      commit: () => Promise.reject(away()),
      read: (...args) => {
        looks += 1;
        clock += 20;
        return stored.read(...args);
      },
    });
    await expect(say(store)).rejects.toThrow(UnavailableError);
    expect(looks).toBeGreaterThan(2);
  });

  test('of which nothing can be learnt is neither done nor refused', async () => {
    let isAway = false;
    const store = but({
      commit: async () => {
        isAway = true;
        throw away();
      },
      read: (...args) => (isAway ? Promise.reject(away()) : stored.read(...args)),
    });
    await expect(say(store, { resolveWithinMs: 20 })).rejects.toThrow(OutcomeUnknownError);
  });
});
