import type { FeedEvent } from '../../core/live/feed/events.ts';
import type { MemoryFeed } from '../../core/live/feed/memory.ts';
import { heardBy, type Listened, type View } from './view.ts';

/** Words that only Redis and a speaker knew and that both have lost: nothing can restore them. */
export const LOST_WORDS = 'I6 words were heard and are not stored';

/** The events that a listener hears, in order, compared with what is stored at that moment. */
export class Heard {
  readonly #world: View;
  readonly #talk: Listened;
  /** The text of each turn up to the last word heard. */
  readonly #said = new Map<string, string>();
  #open: string | null = null;
  #started = new Set<string>();
  readonly #ended = new Map<string, string>();
  #newest = '';

  constructor(world: View, talk: Listened) {
    this.#world = world;
    this.#talk = talk;
  }

  async listen(feed: MemoryFeed): Promise<void> {
    const { epoch, seq } = await feed.state(this.#talk.id);
    for await (const event of heardBy(feed, this.#talk.id, { epoch, seq })) {
      if (event.type === 'FeedReset') this.#reset();
      else this.#hear(event);
    }
  }

  /** The open turn is heard from its start again; nothing else is heard twice. */
  #reset(): void {
    this.#world.note(`   ${this.#talk.name}: FeedReset`);
    if (this.#open !== null) this.#started.delete(this.#open);
    this.#open = null;
  }

  #hear(event: FeedEvent): void {
    const world = this.#world;
    const { id, name } = this.#talk;
    world.note(
      `   ${name}: ${event.type} ${JSON.stringify('turnId' in event ? event.turnId.slice(-4) : '')} ${'text' in event ? event.text : ''}`,
    );
    if (event.type === 'MessageAdded') {
      if (world.stored.rows.has(id) && !world.stored.messages.has(event.message.id))
        world.bad('I2 MessageAdded before it is stored');
      // An acknowledgement is newer than the answer that it falls into, and is heard before the end of it.
      if (!event.message.acknowledges) this.#ordered(event.message.id);
    }
    if (event.type === 'TurnStarted') {
      if (this.#ended.has(event.turnId)) world.bad('I5 a turn that is over starts');
      if (this.#open !== null) world.bad('I5 turns overlap');
      if (this.#started.has(event.turnId)) world.bad('I5 a turn starts twice');
      this.#started.add(event.turnId);
      this.#open = event.turnId;
    }
    if (event.type === 'TurnTextAdded') {
      if (this.#open !== event.turnId) world.bad('I5 text outside its turn');
      const before = (this.#said.get(event.turnId) ?? '').slice(0, event.offset);
      if (before.length < event.offset && !world.hasLost) world.bad('I3 a hole in the text');
      this.#said.set(event.turnId, before + event.text);
    }
    if (event.type === 'TurnCompleted' || event.type === 'TurnInterrupted' || event.type === 'TurnFailed') {
      if (this.#open !== event.turnId && !world.hasLost) world.bad(`I5 ${event.type} outside its turn`);
      if (this.#ended.has(event.turnId)) world.bad('I5 a turn ends twice');
      this.#ended.set(event.turnId, event.type);
      this.#open = null;
      const stored = world.stored.messages.get(event.turnId)?.content ?? '';
      if (
        world.stored.rows.has(id) &&
        stored !== event.text &&
        !(world.hasLost && stored.startsWith(event.text))
      )
        world.bad(`I2 ${event.type} says "${event.text}", stored is "${stored}"`);
      const hasFailed = world.stored.messagesOf(id).some(({ failedTurnId }) => failedTurnId === event.turnId);
      if (hasFailed && event.type !== 'TurnFailed') world.bad(`I2 ${event.type} of a turn that has failed`);
      if (world.stored.rows.get(id)?.pendingTurnId === event.turnId)
        world.bad('I2 a turn ends that is pending');
      if (event.text) this.#ordered(event.turnId);
    }
  }

  #ordered(id: string): void {
    if (id <= this.#newest) this.#world.bad('I7 events are not in the order of rows, or heard twice');
    this.#newest = id;
  }

  check(
    messages: readonly { id: string; content: string; interruptionReason: string | null }[],
    left: number,
    _count: number,
  ): void {
    if (this.#open !== null) this.#world.bad('I9 the feed holds a turn');
    if (left > 0) this.#world.note(`${left} entries are left to clear`);
    for (const [turnId, text] of this.#said) {
      const { content: stored = '', interruptionReason: reason = null } =
        messages.find(({ id }) => id === turnId) ?? {};
      const seen = this.#world.seen.get(turnId) ?? text.length;
      const kept = this.#ended.get(turnId) === 'TurnInterrupted' ? text.slice(0, seen) : text;
      if (stored !== kept && !this.#world.hasLost)
        this.#world.bad(`I6 "${text}" was heard, ${seen} seen, "${stored}" is stored`);
      if (reason !== null && reason !== 'MODEL_FAILED' && stored.length > seen && seen < text.length)
        this.#world.bad(`I10 "${stored}" is stored, ${seen} of it was seen`);
      if (!stored && kept) this.#world.bad(`${LOST_WORDS}: "${text}"`);
    }
  }
}
