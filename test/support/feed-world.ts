import { v7 as uuidv7 } from 'uuid';
import type { HeardEvent, Position } from '../../core/live/feed/events.ts';
import type { Feed, HeldTurn } from '../../core/live/feed/feed.ts';
import { SpokenTurn } from '../../worker/spoken-turn.ts';
import { begin, interrupt, publish, publishEnd } from './feed-steps.ts';

/** Something that happens to a conversation, its speakers or its listeners. Numbers select one of those that exist. */
export type Happening =
  | { do: 'send' | 'cancel' | 'finish' | 'takeOver' | 'type' }
  | { do: 'say'; words: number; speaker: number }
  | { do: 'think'; speaker: number }
  | { do: 'listen'; from: 'start' | 'now' }
  | { do: 'drop' | 'pause' | 'go'; listener: number };

/** One conversation, everything that can happen to it, done as the engine does it, and the results. */
export class FeedWorld {
  readonly #feed: Feed;
  readonly conversation = uuidv7();
  /** Every speaker so far: the older ones go on trying. */
  readonly #speakers: SpokenTurn[] = [];
  /** The stored text of each turn. Storing a turn twice keeps the first text. */
  readonly stored = new Map<string, string>();
  readonly opened: string[] = [];
  readonly listeners: WorldListener[] = [];
  #words = 0;

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  async happen(happening: Happening): Promise<void> {
    switch (happening.do) {
      case 'send':
        return this.#send();
      case 'cancel':
        return this.#interrupt('CANCELLED');
      case 'finish':
        return this.#finish(this.#speakers.at(-1));
      case 'takeOver':
        return this.#claim(this.opened.at(-1));
      case 'type':
        await this.#feed.append(this.conversation, [{ type: 'TypingChanged', typing: true }]);
        return;
      case 'say':
        return this.#say(happening);
      case 'think':
        await this.#speaker(happening.speaker)?.think(this.#words);
        return;
      case 'listen':
        return this.#listen(happening.from);
      default:
        this.listeners[happening.listener % this.listeners.length]?.[happening.do]();
    }
  }

  /** Ends the open turn and lets every listener hear everything. */
  async end(): Promise<void> {
    await this.#claim(this.opened.at(-1));
    await this.#finish(this.#speakers.at(-1));
    const last = await this.#feed.append(this.conversation, [{ type: 'TypingNudge', text: 'the end' }]);
    for (const listener of this.listeners) await listener.hearUntil(last);
  }

  async #send(): Promise<void> {
    const message = uuidv7();
    const turn = { id: uuidv7(), cause: 'USER_MESSAGE' as const, model: 'm' };
    await publish(this.#feed, this.conversation, [added(message)]);
    while (true) {
      await this.#interrupt('USER_MESSAGE');
      const begun = await begin(this.#feed, this.conversation, turn);
      const held = begun.gone ? null : begun.turn;
      if (held?.id === turn.id && !held.ending) {
        this.opened.push(turn.id);
        this.opened.sort();
        return this.#claim(turn.id);
      }
      // A newer turn was opened, or this one has ended already.
      if (!held || held.id >= turn.id) return;
      if (held.ending) await this.#publishEnd(held);
    }
  }

  async #interrupt(reason: 'USER_MESSAGE' | 'CANCELLED'): Promise<void> {
    const interrupted = await interrupt(this.#feed, this.conversation, reason);
    if (interrupted) this.#store(interrupted);
  }

  async #publishEnd(held: HeldTurn): Promise<void> {
    if (await publishEnd(this.#feed, this.conversation, held)) this.#store(held);
  }

  async #claim(turnId: string | undefined): Promise<void> {
    const turn = turnId && (await this.#feed.claim(this.conversation, turnId));
    if (turn) this.#speakers.push(new SpokenTurn(this.#feed, this.conversation, turn, async () => {}));
  }

  async #say({ words, speaker }: { words: number; speaker: number }): Promise<void> {
    const who = this.#speaker(speaker);
    for (let i = 0; i < words; i++) {
      this.#words += 1;
      if (!(await who?.say(`${this.#words}😀 `, 1))) return;
    }
  }

  /** One of the last three speakers: the newest, and those that it has fenced. */
  #speaker(number: number): SpokenTurn | undefined {
    return this.#speakers.at(-1 - (number % Math.min(3, this.#speakers.length || 1)));
  }

  async #finish(speaker: SpokenTurn | undefined): Promise<void> {
    if (!speaker) return;
    await speaker.finish({ type: 'TurnCompleted', usage: null, isTruncated: false });
    const { turn } = await this.#feed.state(this.conversation);
    if (turn?.ending) await this.#publishEnd(turn);
  }

  #store({ id, text }: HeldTurn): void {
    if (!this.stored.has(id)) this.stored.set(id, text);
  }

  async #listen(from: 'start' | 'now'): Promise<void> {
    const { epoch, seq } = await this.#feed.state(this.conversation);
    const after = { epoch, seq: from === 'start' ? 0 : seq };
    this.listeners.push(new WorldListener(this.#feed, this.conversation, after));
  }
}

/** A client that listens, loses its subscription, and resumes where it stopped. */
export class WorldListener {
  readonly #feed: Feed;
  readonly #conversation: string;
  readonly since: Position;
  readonly heard: HeardEvent[] = [];
  resets = 0;
  #abort = new AbortController();
  #running: Promise<void>;
  #paused: { promise: Promise<void>; resume: () => void } | null = null;
  #target: Position | null = null;

  constructor(feed: Feed, conversation: string, since: Position) {
    this.#feed = feed;
    this.#conversation = conversation;
    this.since = since;
    this.#running = this.#run(this.#abort.signal);
  }

  drop(): void {
    this.#abort.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#running = this.#running.then(() => this.#run(abort.signal));
  }

  pause(): void {
    if (this.#paused) return;
    let resume = () => {};
    const promise = new Promise<void>((resolve) => {
      resume = resolve;
    });
    this.#paused = { promise, resume };
  }

  go(): void {
    this.#paused?.resume();
    this.#paused = null;
  }

  async hearUntil(position: Position): Promise<void> {
    this.#target = position;
    this.go();
    while (!this.#reached()) {
      this.drop();
      await this.#running;
    }
    this.#abort.abort();
  }

  #reached(): boolean {
    return (this.heard.at(-1) ?? this.since).seq >= (this.#target?.seq ?? Number.POSITIVE_INFINITY);
  }

  /** One subscription: until it is dropped, has reached its target, or was too slow. */
  async #run(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#reached()) return;
    const { epoch, seq } = this.heard.at(-1) ?? this.since;
    const events = this.#feed.subscribe(this.#conversation, { after: { epoch, seq } });
    signal.addEventListener('abort', () => void events.return?.(), { once: true });
    try {
      for await (const event of events) {
        if (event.type === 'FeedReset') this.resets += 1;
        this.heard.push(event);
        if (this.#reached()) return;
        await this.#paused?.promise;
        if (signal.aborted) return;
      }
    } catch (error) {
      if ((error as Error).name !== 'SlowListenerError') throw error;
    }
  }
}

function added(id: string) {
  const message = {
    id,
    role: 'USER' as const,
    content: 'hi',
    status: 'COMPLETED' as const,
    model: null,
    clientMessageId: null,
    createdAt: 0,
  };
  return { type: 'MessageAdded' as const, message };
}
