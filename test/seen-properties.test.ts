import { expect, test } from 'vitest';
import { newConversation } from '../core/conversations/new-conversation.ts';
import { DEFAULT_TENANT, type Owner } from '../core/domain/owner.ts';
import type { HeardEvent, Position } from '../core/live/feed/events.ts';
import type { OpenTurn } from '../core/live/feed/feed.ts';
import { MemoryFeed } from '../core/live/feed/memory.ts';
import { promptFor } from '../core/prompt/prompt.ts';
import { graphemesBefore } from '../core/text/graphemes.ts';
import { commit } from '../core/turns/commit.ts';
import { drive } from '../core/turns/drive.ts';
import * as life from '../core/turns/life.ts';
import type { Message } from '../generated/prisma/client.ts';
import { type ConversationEvent, type LiveState, liveStateOf } from '../packages/client/src/live-state.ts';
import { LiveStore, type Seen } from '../packages/client/src/live-store.ts';
import { reduce } from '../packages/client/src/reduce.ts';
import { MemoryConversationStore } from './support/memory-conversation-store.ts';
import { SeededRandom } from './support/seeded-random.ts';

/** How many conversations, with three cut-ins each in the mean; SEEN_RUNS sets another number. */
const RUNS = Number(process.env.SEEN_RUNS ?? 600);
const OWNER: Owner = { owner: 'o', tenant: DEFAULT_TENANT };
/** How many code points the model says at a time, at the paces HUMAN, READING and INSTANT. */
const PACES = [3, 8, 60];
/** What an answer is made of: graphemes of one to eleven code units. */
const GRAPHEMES = [...'abc. ', 'e\u0301', '👩‍👩‍👧‍👦', '🇮🇳', 'क्षि', '漢', '👍🏽', '\n'];
const AT = new Date(0).toISOString();
const MODEL = { __typename: 'Model' as const, id: 'm', name: 'M' };

/** Of no turn. */
const NOTHING: Seen = { turnId: '', offset: 0 };

const settled = () => new Promise<void>((resolve) => process.nextTick(resolve));

/** A cut-in on its way to the server. */
interface CutIn {
  seen: Seen;
  /** What the tab showed; null where the receipt lies. */
  screen: string | null;
  does: 'send' | 'cancel' | 'end';
}

/** One open page: it draws by frames, which a hidden page has none of, and may lose its connection. */
class Tab {
  readonly live: LiveStore;
  isHidden = false;
  #frame: (() => void) | null = null;
  #unread: HeardEvent[] = [];
  #listening = new AbortController();
  readonly #feed: MemoryFeed;
  readonly #id: string;
  readonly #onEnded: (turnId: string, shown: string) => void;

  constructor(feed: MemoryFeed, id: string, at: Position, onEnded: (turnId: string, shown: string) => void) {
    this.#feed = feed;
    this.#id = id;
    this.#onEnded = onEnded;
    this.live = new LiveStore((callback) => {
      this.#frame = callback;
      return () => {
        this.#frame = null;
      };
    });
    this.live.set(emptyState(at), true);
    this.connect();
  }

  /** Listens after the last event that was handled; what was on its way is lost with the connection. */
  connect(): void {
    this.#listening.abort();
    this.#unread = [];
    const connection = new AbortController();
    this.#listening = connection;
    const after = JSON.parse((this.live.latest as LiveState).cursor) as Position;
    void (async () => {
      for await (const event of this.#feed.subscribe(this.#id, { after })) {
        if (connection.signal.aborted) return;
        this.#unread.push(event);
      }
    })();
  }

  /** Handles at most `most` events. */
  receive(most: number): void {
    for (const heard of this.#unread.splice(0, most)) {
      const event = clientEventOf(heard);
      if (!event) continue;
      const next = reduce(this.live.latest as LiveState, event);
      this.live.set(next, event.__typename !== 'TurnTextAdded');
      if (event.__typename === 'TurnInterrupted') this.#onEnded(event.turnId, next.turn?.text ?? '');
    }
  }

  frame(): void {
    if (!this.isHidden) this.#frame?.();
  }

  get shown(): string {
    return this.live.getSnapshot()?.turn?.text ?? '';
  }
}

function emptyState({ epoch, seq }: Position): LiveState {
  return liveStateOf({
    latestEventCursor: JSON.stringify({ epoch, seq }),
    ...{ activeTurn: null, failure: null, lastActivityAt: AT },
    model: MODEL,
    messages: { nodes: [] },
  });
}

/** An event as the web client's document selects it; null for those that its live state ignores. */
function clientEventOf(event: HeardEvent): ConversationEvent | null {
  const { epoch, seq } = event;
  const head = { cursor: JSON.stringify({ epoch, seq }), at: AT };
  if (event.type === 'TurnStarted') {
    const { turnId, cause } = event;
    return { ...head, __typename: 'TurnStarted', turnId, cause, model: MODEL, fallback: null };
  }
  if (event.type === 'TurnTextAdded') {
    const { turnId, offset, text } = event;
    return { ...head, __typename: 'TurnTextAdded', turnId, offset, text };
  }
  if (event.type !== 'TurnInterrupted') return null;
  const { turnId, text, reason } = event;
  const partial = text === '' ? null : partialOf(turnId, text);
  return { ...head, __typename: 'TurnInterrupted', turnId, interruptionReason: reason, partial };
}

function partialOf(id: string, content: string) {
  return {
    ...{
      __typename: 'Message' as const,
      id,
      role: 'ASSISTANT' as const,
      content,
      status: 'INTERRUPTED' as const,
    },
    ...{ isTruncated: false, createdAt: AT, clientMessageId: null },
    ...{ answeredBy: MODEL, failure: null, acknowledges: null },
  };
}

/** A conversation on the product's commits, drive and feed, with the web client's live state in two tabs. */
class World {
  readonly #random: SeededRandom;
  readonly #store = new MemoryConversationStore();
  readonly #feed = new MemoryFeed();
  readonly #id: string;
  readonly #pace: number;
  readonly #tabs: Tab[] = [];
  readonly #onItsWay: CutIn[] = [];
  readonly #spoken = new Map<string, string>();
  readonly #cuts = new Map<string, CutIn>();
  #turn: OpenTurn | null = null;
  #pieces = 0;
  cutIns = 0;

  constructor(seed: string) {
    this.#random = new SeededRandom(seed);
    this.#pace = this.#pick(PACES);
    const draft = newConversation({ ...OWNER, provider: 'p', model: 'm', pacing: 'HUMAN' }, Date.now());
    this.#id = draft.row.id;
    void this.#store.create({ ...draft, clientConversationId: null }, Number.POSITIVE_INFINITY);
  }

  async run(): Promise<void> {
    await this.#feed.begin(this.#id);
    for (let n = 0; n < 2; n++)
      this.#tabs.push(
        new Tab(this.#feed, this.#id, await this.#feed.state(this.#id), (turnId, shown) =>
          expect(shown, 'each tab shows what is stored').toBe(this.#stored(turnId)?.content ?? ''),
        ),
      );
    await this.#apply({ does: 'send', seen: NOTHING, screen: null });
    for (let step = 0; step < 200; step++) await this.#step();
    while (this.#onItsWay.length > 0) await this.#arrive();
    for (const tab of this.#tabs) {
      tab.connect();
      await settled();
      await settled();
      tab.receive(Number.POSITIVE_INFINITY);
    }
    this.#check();
    await this.#feed.stop();
  }

  async #step(): Promise<void> {
    const draw = this.#random.next();
    const tab = this.#pick(this.#tabs);
    if (draw < 0.3) await this.#say();
    else if (draw < 0.5) tab.receive(1 + this.#below(4));
    else if (draw < 0.68) tab.frame();
    else if (draw < 0.71) tab.isHidden = !tab.isHidden;
    else if (draw < 0.74) tab.connect();
    else if (draw < 0.87) this.#cutIn(tab);
    else await this.#arrive();
    if (this.#store.rows.get(this.#id)?.pendingTurnId === null && this.#random.next() < 0.5)
      await this.#apply({ does: 'send', seen: NOTHING, screen: null });
    await settled();
  }

  async #say(): Promise<void> {
    const { turn } = await this.#feed.state(this.#id);
    if (!turn || turn.ending) return;
    if (this.#turn?.id !== turn.id) this.#turn = await this.#feed.claim(this.#id, turn.id);
    if (!this.#turn) return;
    const said = Array.from({ length: 1 + this.#below(this.#pace) }, () => this.#pick(GRAPHEMES)).join('');
    const points = [`⟨${++this.#pieces}⟩`, ...said];
    // The model's pieces do not end where graphemes do.
    const piece = points.slice(0, 1 + this.#below(points.length)).join('');
    const outcome = await this.#feed.speak(this.#id, this.#turn, piece, 1);
    if (outcome === 'spoken') this.#spoken.set(turn.id, (this.#spoken.get(turn.id) ?? '') + piece);
  }

  /** The user of a tab cuts in, or a program with a receipt of its own invention. */
  #cutIn(tab: Tab): void {
    const does = this.#pick(['send', 'send', 'send', 'cancel', 'end'] as const);
    if (this.#random.next() < 0.15) {
      const turnId = this.#pick([...this.#spoken.keys(), 'a turn that never was']);
      this.#onItsWay.push({ does, seen: { turnId, offset: this.#below(200) }, screen: null });
      return;
    }
    const seen = tab.live.hold();
    if (seen && this.#onItsWay.length < 8) this.#onItsWay.push({ does, seen, screen: tab.shown });
  }

  async #arrive(): Promise<void> {
    const [cutIn] = this.#onItsWay.splice(this.#below(this.#onItsWay.length), 1);
    // One that is late is of a turn that is over. It cuts off the next one whole, so few are let through.
    const isLate = cutIn?.seen.turnId !== this.#store.rows.get(this.#id)?.pendingTurnId;
    if (cutIn && (!isLate || this.#random.next() < 0.2)) await this.#apply(cutIn);
  }

  async #apply(cutIn: CutIn): Promise<void> {
    const { does, seen } = cutIn;
    const options = { store: this.#store, owner: OWNER, withinMs: 60_000 };
    const { change, snapshot } = await commit(options, this.#id, async (before) => {
      const { pendingTurnId } = before.row;
      if (pendingTurnId === seen.turnId) this.#cuts.set(seen.turnId, cutIn);
      if (does === 'cancel') return { change: life.cancel(before, undefined, seen), result: null };
      if (does === 'end') return { change: life.end(before, seen), result: null };
      return {
        change: life.send(before, { text: `question ${this.#cuts.size}`, seen, before: null }),
        result: null,
      };
    });
    if (!change) return;
    await drive(
      {
        store: this.#store,
        feed: this.#feed,
        commit: async ({ row, now }, settles) => {
          const done = await this.#store.commit(row, settles, 'settles', now + 60_000);
          return done.outcome === 'committed' ? done.row : null;
        },
        newTurn: async ({ pendingTurnId: id }) => (id ? { id, cause: 'USER_MESSAGE', model: 'm' } : null),
        addJob: async () => {},
        endAtSentence: async () => {},
      },
      this.#id,
      { from: snapshot },
    );
  }

  #check(): void {
    for (const [turnId, { seen, screen }] of this.#cuts) {
      this.cutIns += 1;
      const spoken = this.#spoken.get(turnId) ?? '';
      const { content = '' } = this.#stored(turnId) ?? {};
      expect(content).toBe(graphemesBefore(spoken, seen.offset));
      // A grapheme that was on the screen in part is not kept.
      if (screen !== null) expect(content).toBe(graphemesBefore(spoken, screen.length));
      expect(screen === null || screen.startsWith(content)).toBe(true);
    }
    this.#checkPrompt();
  }

  /** No word beyond what was seen is in what a model is given. Each piece that was said begins with a number of its own. */
  #checkPrompt(): void {
    const history = this.#store.messagesOf(this.#id);
    const prompt = JSON.stringify(promptFor({ cause: 'USER_MESSAGE', spoken: '' }, history));
    for (const turnId of this.#cuts.keys()) {
      const unseen = (this.#spoken.get(turnId) ?? '').slice(this.#stored(turnId)?.content.length ?? 0);
      for (const [piece] of unseen.matchAll(/⟨\d+⟩/g)) expect(prompt).not.toContain(piece);
    }
  }

  #stored(turnId: string): Message | undefined {
    return this.#store.messages.get(turnId);
  }

  #below(most: number): number {
    return Math.floor(this.#random.next() * most);
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T;
  }
}

test('[P-86] what is stored of an answer that is cut off is what its reader had on the screen, to the grapheme', async () => {
  let cutIns = 0;
  for (let run = 0; run < RUNS; run++) {
    const world = new World(`seen ${run}`);
    await world.run().catch((error) => {
      throw new Error(`run ${run}: ${error.message}`, { cause: error });
    });
    cutIns += world.cutIns;
  }
  expect(cutIns).toBeGreaterThan(2.5 * RUNS);
});
