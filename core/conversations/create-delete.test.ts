import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryConversationStore } from '../../test/support/memory-conversation-store.ts';
import { NotFoundError, StoreUnavailableError, UnavailableError } from '../domain/errors.ts';
import { DEFAULT_TENANT } from '../domain/owner.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import type { Draft } from '../store/draft.ts';
import { createConversation, deleteConversation } from './create-delete.ts';
import { newConversation } from './new-conversation.ts';

describe('a conversation whose creation or deletion is in doubt', () => {
  let clock: number;
  let stored: MemoryConversationStore;
  let draft: Draft;
  const owner = { owner: 'o', tenant: DEFAULT_TENANT };
  const withinMs = 40;
  const plain = { greet: true, clientConversationId: null, withinMs };
  const reset = () => new StoreUnavailableError('the connection was reset');

  beforeEach(() => {
    clock = 1_000_000;
    stored = new MemoryConversationStore(() => clock);
    draft = newConversation({ ...owner, provider: 'p', model: 'm', pacing: 'HUMAN' }, clock);
  });

  /** The store with some methods replaced. Its clock advances by 20 ms with each reading. */
  function storeWith(changed: Partial<ConversationStore>): ConversationStore {
    const now = async () => {
      clock += 20;
      return clock;
    };
    const read = (id: string) => stored.read(id);
    return {
      ...({
        read,
        now,
        create: stored.create.bind(stored),
        delete: stored.delete.bind(stored),
        settledAt: now,
      } as never as ConversationStore),
      ...changed,
    };
  }

  test('is created when only the reply is lost', async () => {
    const conversations = storeWith({
      create: async (...args) => {
        await stored.create(...args);
        throw reset();
      },
    });
    const created = await createConversation(conversations, draft, plain);
    expect(created).toMatchObject({ outcome: 'created', row: { id: draft.row.id } });
    expect(created.row.pendingTurnCause).toBe('GREETING');
  });

  test('is refused only after the deadline of its creation, and is not created later', async () => {
    let arrive = (): Promise<unknown> => Promise.resolve();
    const conversations = storeWith({
      create: (...args) => {
        arrive = () => stored.create(...args);
        return Promise.reject(reset());
      },
    });
    await expect(createConversation(conversations, draft, plain)).rejects.toThrow(UnavailableError);
    expect(await arrive()).toEqual({ outcome: 'late' });
    expect(await stored.read(draft.row.id)).toBeNull();
  });

  test('is deleted when only the reply is lost', async () => {
    await createConversation(stored, draft, plain);
    const conversations = storeWith({
      delete: async (...args) => {
        await stored.delete(...args);
        throw reset();
      },
    });
    await deleteConversation(conversations, draft.row.id, { owner, withinMs });
    expect(await stored.read(draft.row.id)).toBeNull();
  });

  test('is refused only after the deadline of its deletion, and is not deleted later', async () => {
    await createConversation(stored, draft, plain);
    let arrive = (): Promise<unknown> => Promise.resolve();
    const conversations = storeWith({
      read: (id) => {
        clock += 20;
        return stored.read(id);
      },
      delete: (...args) => {
        arrive = () => stored.delete(...args);
        return Promise.reject(reset());
      },
    });
    const { id } = draft.row;
    await expect(deleteConversation(conversations, id, { owner, withinMs })).rejects.toThrow(
      UnavailableError,
    );
    expect(await arrive()).toBe('late');
    expect(await stored.read(id)).not.toBeNull();
    const other = { ...owner, owner: 'x' };
    await expect(deleteConversation(stored, id, { owner: other, withinMs })).rejects.toThrow(NotFoundError);
  });
});
