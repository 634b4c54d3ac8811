import { StoreUnavailableError } from '../../domain/errors.ts';
import { type Owner, ownerKey } from '../../domain/owner.ts';
import type { RedisClient } from '../../redis/connect.ts';
import type { LivePush } from '../push/live-push.ts';
import { ChangeBuffer } from './change-buffer.ts';
import {
  CHANGE_KINDS,
  type ChangeKind,
  type ConversationChange,
  type ConversationChanges,
} from './conversation-changes.ts';

export interface RedisChangesOptions {
  redis: RedisClient;
  push: LivePush;
  /** Prefix of every channel. */
  prefix?: string;
}

/**
 * {@link ConversationChanges} between processes, on Redis. A listener whose connection to Redis was lost may have missed
 * changes, so it ends with StoreUnavailableError: it must subscribe again and read the list.
 */
export class RedisChanges implements ConversationChanges {
  readonly #options: RedisChangesOptions;
  readonly #buffers = new Set<ChangeBuffer>();

  constructor(options: RedisChangesOptions) {
    this.#options = options;
  }

  async publish(owner: Owner, { kind, conversationId }: ConversationChange): Promise<void> {
    await this.#options.redis.publish(this.#channel(owner), `${kind} ${conversationId}`);
  }

  subscribe(owner: Owner): AsyncIterableIterator<ConversationChange> {
    let detach = () => {};
    const buffer = new ChangeBuffer(() => {
      this.#buffers.delete(buffer);
      detach();
    });
    this.#buffers.add(buffer);

    const attached = this.#options.push.attach(this.#channel(owner), (push) => {
      const change = changeFrom(push);
      if (change) buffer.push(change);
      else buffer.end(new StoreUnavailableError('changes may have been missed'));
    });
    attached.then(
      (undo) => {
        detach = undo;
        if (!this.#buffers.has(buffer)) undo();
      },
      (error: Error) => buffer.end(error),
    );
    return buffer;
  }

  async stop(): Promise<void> {
    for (const buffer of [...this.#buffers]) buffer.end();
  }

  #channel(owner: Owner): string {
    return `${this.#options.prefix ?? 'taskflow'}:changes:${ownerKey(owner)}`;
  }
}

function changeFrom(push: unknown): ConversationChange | null {
  if (typeof push !== 'string') return null;
  const [kind, conversationId] = push.split(' ');
  return conversationId && CHANGE_KINDS.includes(kind as ChangeKind)
    ? { kind: kind as ChangeKind, conversationId }
    : null;
}
