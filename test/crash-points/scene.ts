import { v7 as uuidv7 } from 'uuid';
import { within } from '../../core/async/within.ts';
import { DEFAULT_TENANT, type Owner } from '../../core/domain/owner.ts';
import type { HeardEvent } from '../../core/live/feed/events.ts';
import { Listener } from '../../core/live/feed/listener.ts';
import { Process, type Stores } from './process.ts';
import { ANSWER, FIRST_WORD, Voice } from './voice.ts';

/**
 * The state of a conversation before an operation. `begun`: a turn is open and not claimed. `speaking`: it has said its first
 * word, and goes on after `goOn`. `queued`: a message waits for that. `typing`: the user types meanwhile. `cut off`: a turn was
 * interrupted before it said anything. `edited`: the message has an alternative, which is visible and answered. `read`: as `begun`, at READING pace. `rest`: of such a turn a word was spoken, and the rest is
 * stored.
 */
export type Setting =
  | 'none'
  | 'new'
  | 'idle'
  | 'begun'
  | 'speaking'
  | 'typing'
  | 'queued'
  | 'cut off'
  | 'edited'
  | 'read'
  | 'rest';

const HAS_BEGUN: readonly Setting[] = ['speaking', 'typing', 'queued'];
const ASKED = ['MessageAdded', 'ConversationUpdated', 'TurnStarted'];
/** The events up to then. */
export const BEFORE: Record<Setting, readonly string[]> = {
  none: [],
  new: [],
  idle: [...ASKED, 'TurnCompleted'],
  begun: ASKED,
  speaking: ASKED,
  typing: ASKED,
  queued: [...ASKED, 'QueueChanged'],
  read: ASKED,
  rest: ASKED,
  'cut off': [...ASKED, 'TurnInterrupted'],
  edited: [...ASKED, 'TurnCompleted', 'BranchSelected', 'MessageAdded', 'TurnStarted', 'TurnCompleted'],
};

/** How long to wait for the end of a subscription, in milliseconds. */
const ENDS_WITHIN_MS = 2_000;

type Pace = { pacing: 'INSTANT' } | { pacing: 'READING'; readingWpm: number };
const READING = { pacing: 'READING', readingWpm: 900 } as const;

export function isRead(setting: Setting): boolean {
  return setting === 'read' || setting === 'rest';
}

/** One conversation, its owner, and a listener from its beginning. */
export class Scene {
  id = '';
  /** The first message of the user. */
  firstQuestion = '';
  readonly owner: Owner = { owner: uuidv7(), tenant: DEFAULT_TENANT };
  readonly #stores: Stores;
  readonly #healthy: Process;
  #listener: Listener | null = null;
  readonly #heard: HeardEvent[] = [];
  #marks = 0;
  readonly #voice: Voice;
  #speaker: Promise<void> | null = null;

  constructor(stores: Stores, healthy: Process) {
    this.#stores = stores;
    this.#healthy = healthy;
    this.#voice = new Voice(stores.app.feed, { holds: true });
  }

  /** Listens to a conversation. */
  async adopt(id: string): Promise<void> {
    const { feed } = this.#stores.app;
    this.id = id;
    const { epoch } = await feed.state(id);
    this.#listener = new Listener(feed, id, { epoch, seq: 0 });
  }

  async set(setting: Setting): Promise<void> {
    if (setting === 'none') return;
    const { turns, branches, conversations } = this.#healthy;
    const pace = isRead(setting) ? READING : undefined;
    const { id } = await conversations.create(this.conversation(false, pace));
    await this.adopt(id);
    if (setting === 'new') return;
    const { message, turnId } = await turns.send(this.message('Hello?'));
    this.firstQuestion = message.id;
    if (setting === 'idle' || setting === 'edited') await this.#healthy.speak(id, turnId);
    if (setting === 'edited') {
      const edit = { ...this.message('Hi?'), messageId: message.id };
      await this.#healthy.speak(id, (await branches.edit(id, this.owner, edit)).turnId);
    }
    if (setting === 'cut off') await turns.cancel(id, this.owner);
    if (setting === 'rest') await this.#leaveRest(turnId);
    if (HAS_BEGUN.includes(setting)) await this.#begin(turnId);
    if (setting === 'queued') await turns.sendWhileSpeaking(this.message('Later?'), 'QUEUE');
    if (setting === 'typing') await conversations.reportTyping(id, this.owner, true);
    await this.#healthy.settle();
  }

  conversation(greet: boolean, pace: Pace = { pacing: 'INSTANT' }) {
    const { models } = this.#stores.app;
    return { owner: this.owner, model: models.default.id, greet, ...pace };
  }

  /** As a worker does whose model has finished. */
  async #leaveRest(turnId: string): Promise<void> {
    const { id: conversationId } = this;
    const { feed, rests } = this.#stores.app;
    const turn = await feed.claim(conversationId, turnId);
    if (!turn) throw new Error('the turn is not open');
    await feed.speak(conversationId, turn, FIRST_WORD, 1);
    await rests.keep({
      ...{ conversationId, turnId, text: ANSWER, spoken: FIRST_WORD.length, tokens: 1, model: turn.model },
      ...{ fallback: null, ending: { type: 'TurnCompleted', usage: null, isTruncated: false } },
      readingWpm: READING.readingWpm,
    });
    await rests.queue({ conversationId, turnId, ...this.owner });
  }

  message(text: string) {
    return { conversationId: this.id, owner: this.owner, text, clientMessageId: uuidv7() };
  }

  /** The newest turn. */
  async lastTurn(): Promise<string> {
    const found = await this.#stores.app.reads.find(this.id);
    return found?.lastTurnId ?? '';
  }

  /** The id of the message that waits. */
  async waiting(): Promise<string> {
    const found = await this.#stores.app.reads.find(this.id);
    return found?.queued[0]?.id ?? '';
  }

  async #begin(turnId: string): Promise<void> {
    const speaker = new Process(this.#stores, { voice: this.#voice });
    const hasSpoken = new Promise<void>((resolve) =>
      speaker.effects.watch((it) => it === 'speak' && resolve()),
    );
    this.#speaker = speaker.speak(this.id, turnId).then(() => speaker.settle());
    await Promise.race([hasSpoken, this.#speaker]);
  }

  /** Lets the turn that is being spoken go on to its end. Resolves when its job is done. */
  async goOn(): Promise<void> {
    this.#voice.goOn();
    await this.#speaker;
  }

  /** All events so far. Rejects when `isGone` and the subscription does not end. */
  async heard(isGone: boolean): Promise<readonly HeardEvent[]> {
    const listener = this.#listener;
    if (!listener) return [];
    if (isGone) {
      const { heard } = await within(ENDS_WITHIN_MS, listener.ended);
      return [...this.#heard, ...heard];
    }
    this.#marks += 1;
    const mark = `so far ${this.#marks}`;
    await this.#stores.app.feed.append(this.id, [{ type: 'TypingNudge', text: mark }]);
    const isMark = (event: HeardEvent) => event.type === 'TypingNudge' && event.text === mark;
    this.#heard.push(...(await within(ENDS_WITHIN_MS, listener.takeUntil(isMark))));
    return this.#heard;
  }

  stop(): void {
    this.#listener?.stop();
  }
}
