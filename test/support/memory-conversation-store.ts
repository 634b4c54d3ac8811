import { isSameOwner, type Owner } from '../../core/domain/owner.ts';
import type { Committed, ConversationStore, Created } from '../../core/store/conversation-store.ts';
import type { Change, ConversationRow, MessageChange, Snapshot } from '../../core/store/draft.ts';
import type { TurnRest } from '../../core/store/turn-rest.ts';
import type { Message } from '../../generated/prisma/client.ts';

/** The owner of a conversation that does not exist. */
const NONE: Owner = { owner: '', tenant: '' };

/** A {@link ConversationStore} in memory for tests, which one process or several share as they would share PostgreSQL. */
export class MemoryConversationStore implements ConversationStore {
  readonly rows = new Map<string, ConversationRow>();
  readonly messages = new Map<string, Message>();
  readonly regenerations = new Map<string, string>();
  /** By conversation. */
  readonly rests = new Map<string, TurnRest>();
  readonly #clock: () => number;
  readonly #deletedAt = new Map<string, number>();
  readonly #outboxSince = new Map<string, number>();

  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  as(owner: Owner): Pick<ConversationStore, 'read' | 'commit'> {
    const isOwn = (id: string) => isSameOwner(this.rows.get(id) ?? NONE, owner);
    return {
      read: async (id, also) => (isOwn(id) ? this.read(id, also) : null),
      commit: async (from, ...rest) =>
        isOwn(from.id) ? this.commit(from, ...rest) : { outcome: 'conflict' },
    };
  }

  async settledAt(): Promise<number> {
    return this.#clock();
  }

  async read(conversationId: string, also: readonly string[] = []): Promise<Snapshot | null> {
    const row = this.rows.get(conversationId);
    if (!row) return null;
    const ids = [...row.outbox.flatMap((entry) => ('id' in entry ? [entry.id] : [])), ...also];
    const found = ids.flatMap((id) => this.messages.get(id) ?? []);
    const named = found.filter((message) => message.conversationId === conversationId);
    return { row, messages: new Map(named.map((message) => [message.id, message])), now: this.#clock() };
  }

  async commit(from: ConversationRow, change: Change, id: string, deadline: number): Promise<Committed> {
    if (this.#clock() >= deadline) return { outcome: 'late' };
    const stored = this.rows.get(from.id);
    const isNewest =
      stored?.version === from.version && stored.recentCommits.at(-1) === from.recentCommits.at(-1);
    if (!isNewest) return { outcome: 'conflict' };
    const recentCommits = [...change.row.recentCommits, id].slice(-16);
    const row = { ...change.row, recentCommits, version: from.version + 1 };
    this.#store(row);
    if (change.hide) this.#hide(row, change.hide.after);
    for (const message of change.insert) {
      if (this.messages.has(message.id)) throw new Error(`the message ${message.id} is stored already`);
      this.#follow(message);
      this.messages.set(message.id, message);
    }
    for (const update of change.update) this.#update(row.id, update);
    const { clientRequestId, turnId } = change.regeneration ?? {};
    if (clientRequestId && turnId) this.regenerations.set(`${row.id} ${clientRequestId}`, turnId);
    const rest = change.rest ?? this.rests.get(row.id);
    if (rest?.turnId !== row.pendingTurnId) this.rests.delete(row.id);
    else if (rest) this.rests.set(row.id, { ...rest, conversationId: row.id });
    return { outcome: 'committed', row, now: await this.now() };
  }

  async restOf(conversationId: string, turnId: string): Promise<TurnRest | null> {
    const rest = this.rests.get(conversationId);
    return rest?.turnId === turnId && this.rows.get(conversationId)?.pendingTurnId === turnId ? rest : null;
  }

  async removeRest(conversationId: string, turnId: string): Promise<void> {
    if (this.rests.get(conversationId)?.turnId === turnId) this.rests.delete(conversationId);
  }

  async create(
    { row, clientConversationId }: Change & { clientConversationId: string | null },
    deadline: number,
  ): Promise<Created> {
    const before = [...this.rows.values()].find(
      (other) =>
        clientConversationId !== null &&
        isSameOwner(other, row) &&
        other.clientConversationId === clientConversationId,
    );
    if (before) return { outcome: 'existed', row: before };
    if (this.#clock() >= deadline) return { outcome: 'late' };
    const created = { ...row, clientConversationId, version: 1 };
    this.#store(created);
    return { outcome: 'created', row: created };
  }

  async delete(
    conversationId: string,
    owner: Owner,
    deadline: number,
  ): Promise<'deleted' | 'absent' | 'late'> {
    const row = this.rows.get(conversationId);
    if (!row || !isSameOwner(row, owner)) return 'absent';
    if (this.#clock() >= deadline) return 'late';
    this.rows.delete(conversationId);
    this.rests.delete(conversationId);
    this.#deletedAt.set(conversationId, this.#clock());
    for (const message of [...this.messages.values()])
      if (message.conversationId === conversationId) this.messages.delete(message.id);
    return 'deleted';
  }

  async removeDeletion(conversationId: string): Promise<void> {
    this.#deletedAt.delete(conversationId);
  }

  async now(): Promise<number> {
    return this.#clock();
  }

  async unpublished(olderThanMs: number, limit: number): Promise<string[]> {
    const before = this.#clock() - olderThanMs;
    const old = [...this.#outboxSince].filter(([id, since]) => since < before && this.rows.has(id));
    const deleted = [...this.#deletedAt].filter(([, since]) => since < before);
    const waiting = [...this.rows].filter(([, row]) => row.queued.length > 0 && row.pendingTurnId === null);
    return [old, waiting, deleted].flatMap((found) => found.slice(0, limit).map(([id]) => id));
  }

  async clear(published: ReadonlyMap<string, number>): Promise<void> {
    for (const [id, n] of published) {
      const row = this.rows.get(id);
      if (row) this.#store({ ...row, outbox: row.outbox.filter((entry) => entry.n > n) });
    }
  }

  /** The messages of a conversation, oldest first. */
  messagesOf(conversationId: string): Message[] {
    const all = [...this.messages.values()].filter((message) => message.conversationId === conversationId);
    return all.sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  #store(row: ConversationRow): void {
    this.rows.set(row.id, row);
    if (row.outbox.length === 0) this.#outboxSince.delete(row.id);
    else if (!this.#outboxSince.has(row.id)) this.#outboxSince.set(row.id, this.#clock());
  }

  #hide({ id, version }: ConversationRow, after: string | null): void {
    let parentId = id;
    for (const message of this.messagesOf(id)) {
      if (message.hiddenSince !== null) continue;
      if (after === null || message.id > after)
        this.messages.set(message.id, { ...message, hiddenSince: version, parentId });
      parentId = message.id;
    }
  }

  /** What followed where a hidden message now stands follows it. */
  #follow({ id, conversationId, parentId, hiddenSince }: Message): void {
    if (hiddenSince === null) return;
    for (const other of this.messagesOf(conversationId))
      if (other.hiddenSince === hiddenSince && other.id > id && other.parentId === parentId)
        this.messages.set(other.id, { ...other, parentId: id });
  }

  #update(conversationId: string, change: MessageChange): void {
    const { turnId, failure, content, isShown } = change;
    for (const message of this.messages.values()) {
      const isMeant =
        'id' in change
          ? message.id === change.id
          : message.turnId === change.answeredBy && message.role === 'USER' && message.id < change.answeredBy;
      if (!isMeant || message.conversationId !== conversationId) continue;
      this.messages.set(message.id, {
        ...message,
        ...(turnId !== undefined && { turnId }),
        ...(content !== undefined && { content }),
        ...(isShown && { hiddenSince: null }),
        ...(failure !== undefined && {
          failedTurnId: failure?.turnId ?? null,
          failureCode: failure?.code ?? null,
          failureRetryable: failure?.retryable ?? null,
        }),
      });
    }
  }
}
