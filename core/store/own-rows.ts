import type { Conversation, Message, Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { Database } from '../db/database.ts';
import { type Owner, ownerOf } from '../domain/owner.ts';
import type { ConversationStatus } from '../domain/vocabulary.ts';
import { storedBy } from './stored-by.ts';

/** A part of a list between two keys, which are places in its order. Null: from the beginning, to the end. */
export interface Range<Key> {
  after: Key | null;
  before: Key | null;
  take: number;
  /** Whether to read from the end; then the rows are in reverse order, too. */
  backwards: boolean;
}

/** The key of the conversation list: the newest activity first. */
export interface ActivityKey {
  at: Date;
  id: string;
}

/**
 * The conversations of one owner, with their messages: what is not theirs does not exist here. Every query that a caller
 * asks for reads by it.
 */
export class OwnRows {
  readonly #database: Pick<Database, 'readAs'>;
  readonly #owner: Owner;

  constructor(database: Pick<Database, 'readAs'>, owner: Owner) {
    this.#database = database;
    this.#owner = ownerOf(owner);
  }

  #read<T>(read: (prisma: PrismaClient) => Promise<T>): Promise<T> {
    return this.#database.readAs(this.#owner, read);
  }

  /** Those of these ids that exist, in no order. */
  conversations(ids: readonly string[]): Promise<Conversation[]> {
    return this.#read((prisma) =>
      prisma.conversation.findMany({ where: { id: { in: [...ids] }, ...this.#owner } }),
    );
  }

  async conversation(id: string): Promise<Conversation | null> {
    return (await this.conversations([id]))[0] ?? null;
  }

  /** One indexed query, wherever the page is in the list: the index can seek to the separate bound on the time. */
  list(
    status: ConversationStatus | undefined,
    { after, before, take, backwards }: Range<ActivityKey>,
  ): Promise<Conversation[]> {
    const bounds: Prisma.ConversationWhereInput[] = [];
    if (after) {
      const later = [{ lastActivityAt: { lt: after.at } }, { id: { lt: after.id } }];
      bounds.push({ lastActivityAt: { lte: after.at }, OR: later });
    }
    if (before) {
      const earlier = [{ lastActivityAt: { gt: before.at } }, { id: { gt: before.id } }];
      bounds.push({ lastActivityAt: { gte: before.at }, OR: earlier });
    }
    const direction = backwards ? 'asc' : 'desc';
    return this.#read((prisma) =>
      prisma.conversation.findMany({
        where: { ...this.#listed(status), AND: bounds },
        orderBy: [{ lastActivityAt: direction }, { id: direction }],
        take,
      }),
    );
  }

  /** How many conversations the list has. */
  count(status: ConversationStatus | undefined): Promise<number> {
    return this.#read((prisma) => prisma.conversation.count({ where: this.#listed(status) }));
  }

  #listed(status: ConversationStatus | undefined) {
    return { ...this.#owner, ...(status ? { status } : {}) };
  }

  /** Those of these ids that exist, in no order. */
  messages(ids: readonly string[]): Promise<Message[]> {
    return this.#read((prisma) =>
      prisma.message.findMany({
        where: { id: { in: [...ids] }, conversation: this.#owner },
      }),
    );
  }

  /**
   * The messages of a conversation, oldest first, that were stored when its row was read, so that a response is consistent
   * in itself. `row` is one that this returned. Without `content`, that of each message is empty.
   */
  messagesOf(
    row: Pick<Conversation, 'id' | 'lastTurnId' | 'pendingTurnId' | 'outbox'>,
    { after, before, take, backwards }: Range<string>,
    { content }: { content: boolean } = { content: true },
  ): Promise<Message[]> {
    const range = { ...(after ? { gt: after } : {}), ...(before ? { lt: before } : {}) };
    return this.#read(async (prisma) => {
      const rows = await prisma.message.findMany({
        where: { conversationId: row.id, conversation: this.#owner, id: range, ...storedBy(row) },
        orderBy: { id: backwards ? 'desc' : 'asc' },
        take,
        omit: { content: !content },
      });
      return content ? rows : rows.map((one) => ({ ...one, content: '' }));
    });
  }

  /** A message of one of the conversations; null if it has no such message. */
  messageOf(conversationId: string, id: string): Promise<Message | null> {
    return this.#read((prisma) =>
      prisma.message.findFirst({ where: { id, conversationId, conversation: this.#owner } }),
    );
  }
}
