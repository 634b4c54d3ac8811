import { newConversation } from '../../core/conversations/new-conversation.ts';
import { LOCAL_OWNER } from '../../core/domain/owner.ts';
import type { Feed } from '../../core/live/feed/feed.ts';
import type { Snapshot } from '../../core/store/draft.ts';
import { drive } from '../../core/turns/drive.ts';
import { send } from '../../core/turns/life.ts';
import type { OwnTurn } from '../../core/turns/settle.ts';
import { TurnRests } from '../../core/turns/turn-rests.ts';
import { MemoryConversationStore } from './memory-conversation-store.ts';

/** One conversation for tests, with the product's operations, over stores in memory, without queue, timers and list. */
export class TestConversation {
  readonly stored = new MemoryConversationStore();
  readonly jobs: string[] = [];
  /** The turns whose rests are queued. */
  readonly restJobs: string[] = [];
  readonly rests = new TurnRests({
    store: this.stored,
    jobs: { add: async ({ turnId }) => void this.jobs.push(turnId) },
    restJobs: { add: async ({ turnId }) => void this.restJobs.push(turnId) },
  });
  readonly id: string;
  readonly #feed: Feed;

  constructor(feed: Feed) {
    this.#feed = feed;
    const input = { ...LOCAL_OWNER, provider: 'p', model: 'm', pacing: 'INSTANT' as const };
    const draft = newConversation(input, Date.now());
    this.id = draft.row.id;
    void this.stored.create({ ...draft, clientConversationId: null }, Number.POSITIVE_INFINITY);
  }

  /** The pending turn; null: none. */
  get pending(): string | null {
    return this.stored.rows.get(this.id)?.pendingTurnId ?? null;
  }

  /** The stored answer of a turn. */
  answer(turnId: string) {
    return this.stored.messages.get(turnId);
  }

  /** Stores a user's message and begins its turn. Returns the id of the turn. */
  async send(text = 'Hi'): Promise<string> {
    const snapshot = (await this.stored.read(this.id)) as Snapshot;
    const draft = send(snapshot, { text, before: null });
    if (draft) await this.stored.commit(snapshot.row, draft, 'send', Number.POSITIVE_INFINITY);
    await this.drive();
    return this.pending as string;
  }

  /** Like `turns.drive` of the worker. */
  async drive(own: OwnTurn | null = null, { opens = true } = {}): Promise<Snapshot | null> {
    const { stored } = this;
    const driven = await drive(
      {
        store: stored,
        feed: this.#feed,
        commit: async ({ row }, change) => {
          const done = await stored.commit(row, change, 'settle', Number.POSITIVE_INFINITY);
          return done.outcome === 'committed' ? done.row : null;
        },
        newTurn: async ({ pendingTurnId: id }) =>
          id === null ? null : { id, cause: 'USER_MESSAGE', model: 'm' },
        addJob: async ({ turnId }) => void this.jobs.push(turnId),
        endAtSentence: async () => {},
      },
      this.id,
      { own, opens },
    );
    return driven.snapshot;
  }

  /** Like `turns.reconcile`. */
  async reconcile(): Promise<void> {
    await this.drive(null, { opens: false });
  }

  /** Deletes it. */
  async delete(): Promise<void> {
    await this.stored.delete(this.id, LOCAL_OWNER, Number.POSITIVE_INFINITY);
    await this.drive();
  }
}
