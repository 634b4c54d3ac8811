import type { HeardEvent } from '../../core/live/feed/events.ts';
import type { MemoryFeed } from '../../core/live/feed/memory.ts';
import { MemoryBranches } from '../support/memory-branches.ts';
import { heardBy, type Listened, type View } from './view.ts';

type Look = <T>(store: 'database' | 'feed', act: () => Promise<T>) => Promise<T>;

/** A client that reads a conversation and then listens after its cursor. */
export class Reader {
  readonly #world: View;
  readonly #talk: Listened;
  readonly #feed: MemoryFeed;
  #view = new Map<string, string>();
  #turn: { id: string; text: string } | null = null;
  #isReady = false;

  constructor(world: View, talk: Listened, feed: MemoryFeed) {
    this.#world = world;
    this.#talk = talk;
    this.#feed = feed;
  }

  /** `pauses`: the number of steps between reading and listening. */
  async load(look: Look, pauses: number): Promise<void> {
    const { id } = this.#talk;
    this.#isReady = false;
    const { turn, epoch, seq } = await look('feed', () => this.#feed.state(id));
    await look('database', async () => this.#read());
    this.#turn = turn ? { id: turn.id, text: turn.text } : null;
    this.#isReady = true;
    for (let pause = 0; pause < pauses; pause++) await look('database', async () => {});
    void this.#listen({ epoch, seq });
  }

  async #listen(after: { epoch: string; seq: number }): Promise<void> {
    for await (const event of heardBy(this.#feed, this.#talk.id, after)) {
      if (event.type === 'FeedReset') {
        this.#read();
        this.#turn = null;
      } else this.#hear(event);
    }
  }

  /** Reads the messages of the visible branch. */
  #read(): void {
    const { id } = this.#talk;
    const { visible } = new MemoryBranches(id, this.#world.stored.messagesOf(id));
    this.#view = new Map(visible.map((row) => [row.id, row.content]));
  }

  #hear(event: Exclude<HeardEvent, { type: 'FeedReset' }>): void {
    if (event.type === 'BranchSelected') this.#read();
    if (event.type === 'MessageAdded') this.#view.set(event.message.id, event.message.content);
    if (event.type === 'TurnStarted') this.#turn = { id: event.turnId, text: '' };
    if (event.type === 'TurnTextAdded') {
      if (this.#turn?.id !== event.turnId)
        this.#world.bad('I3 a reader hears text of a turn that it does not know');
      else this.#turn.text = this.#turn.text.slice(0, event.offset) + event.text;
    }
    if (event.type === 'TurnCompleted' || event.type === 'TurnInterrupted' || event.type === 'TurnFailed') {
      if (event.text) this.#view.set(event.turnId, event.text);
      if (this.#turn?.id === event.turnId) this.#turn = null;
    }
  }

  check(messages: readonly { id: string; content: string }[]): void {
    if (!this.#isReady) return;
    for (const { id, content } of messages)
      if (this.#view.get(id) !== content)
        this.#world.bad(`I3 a reader has "${this.#view.get(id)}" for "${content}"`);
    for (const id of this.#view.keys())
      if (!messages.some((message) => message.id === id))
        this.#world.bad('I3 a reader has a message that is not stored');
    if (this.#turn) this.#world.bad('I3 a reader shows a turn that is over');
  }
}
