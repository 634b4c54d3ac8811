import { newConversation } from '../../core/conversations/new-conversation.ts';
import {
  NotFoundError,
  OutcomeUnknownError,
  StoreUnavailableError,
  UnavailableError,
} from '../../core/domain/errors.ts';
import { DEFAULT_TENANT, isSameOwner, type Owner } from '../../core/domain/owner.ts';
import type { FeedEvent, HeardEvent, Position } from '../../core/live/feed/events.ts';
import type { Feed, OpenTurn } from '../../core/live/feed/feed.ts';
import { MemoryFeed } from '../../core/live/feed/memory.ts';
import type { ConversationStore } from '../../core/store/conversation-store.ts';
import type { Change, Snapshot } from '../../core/store/draft.ts';
import { commit } from '../../core/turns/commit.ts';
import { type DriveOptions, drive } from '../../core/turns/drive.ts';
import * as life from '../../core/turns/life.ts';
import type { OwnTurn } from '../../core/turns/settle.ts';
import { SpokenTurn } from '../../worker/spoken-turn.ts';
import { MemoryConversationStore } from '../support/memory-conversation-store.ts';
import { Choices, type Recorded } from './choices.ts';
import { VirtualTime } from './time.ts';

/** Resolves when all that has been resolved has been acted upon: ticks run after the microtasks, and cost less than immediates. */
const settled = () => new Promise<void>((resolve) => process.nextTick(resolve));

/*
 * Explores the life of a turn at random: the product's commits, drive and speaker, over stores in memory. Each call of a store
 * is one atomic step. Chance decides which process makes its next step, which one crashes, which reply is lost, which store is
 * unavailable, and when Redis loses its data. Several conversations of several owners share the stores, and the clocks of some
 * processes are an hour off. The invariants must hold in every run.
 */

export interface ExploreOptions {
  seed: number;
  /** Crashes, lost replies, stores that are unavailable, statements that arrive late. */
  faults: boolean;
  /** Now and then Redis loses all its data, or falls back to an earlier state. */
  losses: boolean;
  steps?: number;
  /** The number of conversations, each of another owner; 2 unless given. */
  conversations?: number;
  /** Choices to replay, instead of those of the seed. */
  choices?: Recorded;
  /** Wraps the feed of each process. */
  breakFeed?: (feed: ProcessFeed) => ProcessFeed;
}

/** The feed of a process. */
export type ProcessFeed = Pick<Feed, 'advance' | 'remove' | 'claim' | 'speak' | 'finish' | 'think' | 'state'>;

export interface Explored {
  violations: string[];
  /** A line for each thing that happened. */
  trace: string[];
  choices: Recorded;
}

/** A process whose steps are scheduled one by one. One that has crashed makes no further step. */
interface Process {
  name: string;
  kind: string;
  /** Whether it has made a commit. */
  hasEffect: boolean;
  isDead: boolean;
  /** How far ahead its clock is, in milliseconds. */
  skew: number;
  onDeath?: () => void;
}

interface Gate {
  process: Process;
  open: () => void;
}

/** Words that only Redis and a speaker knew and that both have lost: nothing can restore them. */
export const LOST_WORDS = 'I6 words were heard and are not stored';

const OPERATIONS = [
  'send',
  'send',
  'send',
  'cancel',
  'end',
  'complete',
  'volunteer',
  'regenerate',
  'update',
] as const;
/** How far ahead the clocks of processes are, in milliseconds. */
const SKEWS = [0, 3_600_000, -3_600_000] as const;
/** How long a commit may take, in steps of one millisecond. */
const COMMIT_STEPS = 120;
/** Has no conversation. */
const STRANGER: Owner = { owner: 'a stranger', tenant: DEFAULT_TENANT };
/** The longest time until a listener reads the feed again, in milliseconds. */
const LOOK_AGAIN_MS = 501;

export async function explore(options: ExploreOptions): Promise<Explored> {
  const time = new VirtualTime(1_000_000_000_000);
  const restore = time.install();
  try {
    const world = new World(options, time);
    await world.run();
    const { violations, trace, choices } = world;
    return { violations, trace, choices: choices.recorded };
  } finally {
    restore();
  }
}

/** One conversation of the world, and its listeners. */
class Talk {
  readonly id: string;
  readonly owner: Owner;
  /** Its name in a trace. */
  readonly name: string;
  readonly heard: Heard;
  readonly readers: Reader[] = [];

  constructor(world: World, id: string, owner: Owner, name: string) {
    this.id = id;
    this.owner = owner;
    this.name = name;
    this.heard = new Heard(world, this);
  }
}

interface Job {
  talk: Talk;
  turnId: string;
  worker: Process | null;
}

class World {
  readonly violations: string[] = [];
  readonly trace: string[] = [];
  readonly #options: ExploreOptions;
  readonly #time: VirtualTime;
  readonly choices: Choices;
  readonly #feed: MemoryFeed;
  readonly #stored: MemoryConversationStore;
  #gates: Gate[] = [];
  #processes = new Set<Process>();
  /** Statements of broken connections, which arrive late. */
  #late: (() => void)[] = [];
  readonly #jobs = new Map<string, Job>();
  readonly #talks: readonly Talk[];
  #count = 0;
  #begun = 0;
  #unavailable = { database: 0, feed: 0 };
  #isCalm = false;
  #hasLost = false;
  #fallBack: (() => void) | null = null;
  constructor(options: ExploreOptions, time: VirtualTime) {
    this.#options = options;
    this.#time = time;
    this.#feed = new MemoryFeed({ now: () => time.now, reconcile: (id) => this.#reconcile(id) });
    this.#stored = new MemoryConversationStore(() => time.now);
    const { seed, choices = null, conversations = 2 } = options;
    this.choices = new Choices(seed, choices);
    this.#talks = Array.from({ length: conversations }, (_, at) =>
      this.#created({ owner: `o${at}`, tenant: DEFAULT_TENANT }, 'AB'.charAt(at)),
    );
  }

  #created(owner: Owner, name: string): Talk {
    const draft = newConversation({ ...owner, provider: 'p', model: 'm', pacing: 'INSTANT' }, this.#time.now);
    const talk = new Talk(this, draft.row.id, owner, name);
    void this.#stored.create({ ...draft, clientConversationId: null }, Number.POSITIVE_INFINITY);
    void this.#feed.begin(talk.id).then(() => talk.heard.listen(this.#feed));
    return talk;
  }

  get hasLost(): boolean {
    return this.#hasLost;
  }
  get stored(): MemoryConversationStore {
    return this.#stored;
  }

  note(line: string): void {
    this.trace.push(`${this.#count} ${line}`);
  }
  bad(line: string): void {
    this.violations.push(line);
    this.note(`!! ${line}`);
  }

  async run(): Promise<void> {
    await settled();
    const { steps = 160 } = this.#options;
    let operations = (6 + this.#below(4)) * this.#talks.length;
    for (const talk of this.#talks) this.#start('send', talk, (p) => this.#operation(p, talk, 'send'));
    const count = this.choices.length === null ? steps * this.#talks.length : this.choices.length - 1;
    for (let step = 0; step < count; step++) {
      this.choices.step();
      const draw = this.choices.next();
      const talk = this.#talk();
      if (draw < 0.09 && operations > 0) {
        operations -= 1;
        const kind = OPERATIONS[this.#below(OPERATIONS.length)] as string;
        this.#start(kind, talk, (p) => this.#operation(p, talk, kind));
      } else if (draw < 0.18) this.#start('worker', talk, (p) => this.#work(p));
      else if (draw < 0.21) this.#read(talk);
      else if (draw < 0.24) this.#start('sweep', talk, (p) => this.#sweep(p, talk));
      else if (draw < 0.2402) this.#start('delete', talk, (p) => this.#delete(p, talk));
      else if (draw < 0.2404) this.#start('stranger', talk, (p) => this.#delete(p, talk, STRANGER));
      if (this.#options.faults) this.#injectFault();
      await this.#step();
    }
    this.choices.rest();
    await this.#calmDown();
    for (const talk of this.#talks) this.#check(talk);
  }

  #talk(): Talk {
    return this.#talks[this.#below(this.#talks.length)] as Talk;
  }

  // ---- faults

  #injectFault(): void {
    const draw = this.choices.next();
    if (draw < 0.012) this.#crash();
    else if (draw < 0.017) this.#unavailable.database = 6;
    else if (draw < 0.021) this.#unavailable.feed = 6;
    else if (draw < 0.024 && this.#options.losses) {
      this.#hasLost = true;
      this.#jobs.clear();
      this.note('REDIS HAS LOST ALL');
      for (const { id } of this.#talks) void this.#feed.lose(id);
    } else if (draw < 0.027 && this.#options.losses) {
      if (!this.#fallBack) this.#fallBack = this.#saved();
      else {
        this.#hasLost = true;
        this.note('REDIS HAS FALLEN BACK');
        this.#fallBack();
        this.#fallBack = null;
      }
    } else if (draw < 0.04) this.#late.shift()?.();
  }

  /** Saves the state of Redis. The function that it returns restores that state. */
  #saved(): () => void {
    this.note('Redis is saved');
    const jobs = [...this.#jobs].map(([id, job]) => [id, { ...job, worker: null }] as const);
    const feeds = this.#talks.map(({ id }) => this.#feed.save(id));
    return () => {
      this.#jobs.clear();
      for (const [id, job] of jobs) this.#jobs.set(id, job);
      for (const fallBack of feeds) fallBack();
    };
  }

  /** Reconciles a feed in a process of its own, which can crash like any other. */
  #reconcile(conversationId: string): Promise<void> {
    const talk = this.#talks.find(({ id }) => id === conversationId) as Talk;
    return new Promise((resolve, reject) => {
      this.#start('reconciler', talk, async (process) => {
        process.onDeath = () => reject(new StoreUnavailableError('unavailable'));
        await drive(this.#driveOptions(process), conversationId, { opens: false }).then(
          () => resolve(),
          reject,
        );
      });
    });
  }

  #crash(): void {
    const alive = [...this.#processes].filter(({ kind }) => kind !== 'reader');
    const process = alive[this.#below(alive.length)];
    if (!process) return;
    this.note(`CRASH of ${process.name}`);
    process.isDead = true;
    this.#processes.delete(process);
    this.#gates = this.#gates.filter((gate) => gate.process !== process);
    process.onDeath?.();
  }

  async #calmDown(): Promise<void> {
    this.#isCalm = true;
    for (const deliver of this.#late.splice(0)) deliver();
    for (let round = 0; round < 14; round++) {
      // Listeners read the feed again after a while.
      this.#time.pass(LOOK_AGAIN_MS);
      await settled();
      for (const talk of this.#talks) {
        this.#start('sweep', talk, (p) => this.#sweep(p, talk));
        for (let i = 0; i < 2; i++) this.#start('worker', talk, (p) => this.#work(p));
      }
      for (let i = 0; this.#processes.size > 0; i++) {
        this.choices.step();
        if (i > 3_000) return this.bad(`I9 these never end: ${[...this.#processes].map(({ name }) => name)}`);
        await this.#step();
      }
    }
    await settled();
  }

  // ---- the scheduler

  #start(kind: string, talk: Talk, run: (process: Process) => Promise<void>): void {
    this.#begun += 1;
    const name = `${talk.name}:${kind}${this.#begun}`;
    const skew = SKEWS[this.#below(SKEWS.length)] ?? 0;
    const process: Process = { kind, name, hasEffect: false, isDead: false, skew };
    this.#time.skew = skew;
    this.#processes.add(process);
    void run(process)
      .catch((error) => this.bad(`an unexpected error: ${(error as Error).stack}`))
      .finally(() => this.#processes.delete(process));
  }

  /** One process makes its next step. */
  async #step(): Promise<void> {
    this.#count += 1;
    this.#time.pass(1);
    if (this.#unavailable.database > 0) this.#unavailable.database -= 1;
    if (this.#unavailable.feed > 0) this.#unavailable.feed -= 1;
    const at = this.#below(this.#gates.length);
    const [gate] = this.#gates.splice(at, 1);
    this.#time.skew = gate?.process.skew ?? 0;
    gate?.open();
    await settled();
  }

  /** Waits until the process is scheduled, then acts in one step; or the store is unavailable, or its reply is lost. */
  async #do<T>(
    process: Process,
    store: 'database' | 'feed',
    what: string,
    act: () => Promise<T>,
  ): Promise<T> {
    await new Promise<void>((open) => {
      if (!process.isDead) this.#gates.push({ process, open });
    });
    const fault = () => new StoreUnavailableError(`the ${store} is unavailable`);
    const isFaulty = this.#options.faults && !this.#isCalm;
    if (isFaulty && this.#unavailable[store] > 0) throw fault();
    const draw = isFaulty ? this.choices.next() : 1;
    if (draw < 0.01) throw fault();
    if (draw < 0.015 && store === 'database') {
      this.note(`${process.name}: ${what} is under way`);
      this.#late.push(() => {
        this.note(`${process.name}: ${what} arrives late`);
        void act().catch(() => {});
      });
      throw fault();
    }
    const result = await act();
    this.note(`${process.name}: ${what}${draw < 0.025 ? ', its reply is lost' : ''}`);
    if (draw < 0.025) throw fault();
    return result;
  }

  #store(process: Process): ConversationStore {
    const { read, now, clear, unpublished, create, removeDeletion, settledAt, delete: remove } = this.#stored;
    const on = <A extends unknown[], T>(what: string, act: (...args: A) => Promise<T>) => {
      return (...args: A) => this.#do(process, 'database', what, () => act.apply(this.#stored, args));
    };
    const commitTo =
      (bound: Pick<ConversationStore, 'commit'>): ConversationStore['commit'] =>
      (from, change, id, deadline) =>
        this.#do(process, 'database', `commit ${describe(change)}`, async () => {
          const done = await bound.commit(from, change, id, deadline);
          if (done.outcome === 'committed') process.hasEffect = true;
          else this.note(`${process.name}: ${done.outcome}`);
          return done;
        });
    return {
      as: (owner) => {
        const bound = this.#stored.as(owner);
        return { read: on('read', (...args) => bound.read(...args)), commit: commitTo(bound) };
      },
      settledAt: on('settledAt', settledAt),
      read: on('read', read),
      now: on('now', now),
      clear: on('clear', clear),
      unpublished: on('unpublished', unpublished),
      create: on('create', create),
      delete: on('delete', remove),
      removeDeletion: on('removeDeletion', removeDeletion),
      commit: commitTo(this.#stored),
    };
  }

  #feedOf(process: Process): ProcessFeed {
    const feed = this.#feed;
    const { breakFeed = (it) => it } = this.#options;
    return breakFeed({
      advance: (id, target) =>
        this.#do(process, 'feed', `advance to ${target.pending?.id.slice(-4) ?? 'none'}`, () =>
          feed.advance(id, target),
        ),
      remove: (id) => this.#do(process, 'feed', 'remove', () => feed.remove(id)),
      claim: (id, turn, from) => this.#do(process, 'feed', 'claim', () => feed.claim(id, turn, from)),
      speak: (id, turn, text, tokens) =>
        this.#do(process, 'feed', `speak ${text}`, () => feed.speak(id, turn, text, tokens)),
      think: (id, turn, seconds) => this.#do(process, 'feed', 'think', () => feed.think(id, turn, seconds)),
      finish: (id, turn, ending) => this.#do(process, 'feed', 'finish', () => feed.finish(id, turn, ending)),
      state: (id) => this.#do(process, 'feed', 'state', () => feed.state(id)),
    });
  }

  #driveOptions(process: Process): DriveOptions {
    const store = this.#store(process);
    return {
      store,
      feed: this.#feedOf(process),
      commit: async ({ row, now }, change) => {
        const done = await store.commit(row, change, `${process.name} settles`, now + COMMIT_STEPS);
        return done.outcome === 'committed' ? done.row : null;
      },
      newTurn: async ({ pendingTurnId: id, pendingTurnCause }) =>
        id === null ? null : { id, cause: pendingTurnCause as never, model: 'm' },
      addJob: ({ conversationId, turnId }) =>
        this.#do(process, 'feed', 'add job', async () => {
          const talk = this.#talks.find((one) => one.id === conversationId);
          if (talk && !this.#jobs.has(turnId)) this.#jobs.set(turnId, { talk, turnId, worker: null });
        }),
    };
  }

  // ---- operations

  async #operation(process: Process, talk: Talk, kind: string): Promise<void> {
    const store = this.#store(process);
    const after = this.#stored.rows.get(talk.id)?.lastTurnId ?? '';
    const decide = async (snapshot: Snapshot): Promise<{ change: Change | null; result: null }> => {
      switch (kind) {
        case 'send':
          return { change: life.send(snapshot, { text: process.name, before: null }), result: null };
        case 'cancel':
          return { change: life.cancel(snapshot, undefined), result: null };
        case 'end':
          return { change: life.end(snapshot), result: null };
        case 'complete':
          return { change: life.complete(snapshot, after), result: null };
        case 'volunteer':
          return { change: life.volunteer(snapshot, 'IDLE_NUDGE', after), result: null };
        case 'update':
          return { change: life.update(snapshot, { title: process.name }), result: null };
        default:
          return { change: this.#regenerated(talk, snapshot), result: null };
      }
    };
    try {
      const { owner } = talk;
      const options = { store, owner, withinMs: COMMIT_STEPS, resolveWithinMs: 60_000, lookAgainMs: 0 };
      const { change, snapshot } = await commit(options, talk.id, decide);
      if (change) await drive(this.#driveOptions(process), talk.id, { from: snapshot });
    } catch (error) {
      const isRefusal = error instanceof UnavailableError;
      // Deleted meanwhile.
      if (error instanceof NotFoundError) return;
      if (isRefusal && process.hasEffect) this.bad(`I1 ${process.name} was refused and had an effect`);
      if (isRefusal) talk.heard.refused.push(process);
      if (!isRefusal && !(error instanceof OutcomeUnknownError) && !(error instanceof StoreUnavailableError))
        throw error;
    }
  }

  #regenerated(talk: Talk, snapshot: Snapshot): Change | null {
    const question = this.#stored.messagesOf(talk.id).findLast(({ role }) => role === 'USER') ?? null;
    if (!question || snapshot.row.pendingTurnId) return null;
    return life.regenerate(snapshot, {
      ...{ begun: null, isNamed: false, named: null, question, isAnswered: false },
    }).draft;
  }

  async #delete(process: Process, talk: Talk, owner = talk.owner): Promise<void> {
    const store = this.#store(process);
    try {
      const now = await store.now();
      const outcome = await store.delete(talk.id, owner, now + COMMIT_STEPS);
      if (outcome === 'deleted' && !isSameOwner(owner, talk.owner))
        this.bad('a stranger deletes a conversation');
      if (outcome === 'deleted') await drive(this.#driveOptions(process), talk.id);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }

  async #sweep(process: Process, talk: Talk): Promise<void> {
    const row = this.#stored.rows.get(talk.id);
    const { turn } = await this.#again(process, () => this.#feed.state(talk.id));
    if (!row || (row.outbox.length === 0 && row.pendingTurnId === null && !turn)) return;
    const { published } = await this.#again(process, () => drive(this.#driveOptions(process), talk.id));
    if (this.choices.next() < 0.5 || published === 0) return;
    const store = this.#store(process);
    await this.#again(process, () => store.clear(new Map([[talk.id, published]])));
  }

  /** Repeats a step while a store is unavailable. */
  async #again<T>(_process: Process, step: () => Promise<T>): Promise<T> {
    while (true) {
      try {
        return await step();
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
      }
    }
  }

  async #work(process: Process): Promise<void> {
    const free = [...this.#jobs.values()].find(
      ({ worker }) => worker === null || worker.isDead || !this.#processes.has(worker),
    );
    if (!free) return;
    const { talk, turnId } = free;
    this.#jobs.set(turnId, { talk, turnId, worker: process });
    const feed = this.#feedOf(process) as unknown as Feed;
    const store = this.#store(process);
    const driveOn = (own: OwnTurn | null) =>
      this.#again(process, () => drive(this.#driveOptions(process), talk.id, { own }));
    const claim = () => this.#again(process, () => feed.claim(talk.id, turnId));
    let turn = await claim();
    if (!turn) {
      await driveOn(null);
      turn = await claim();
    }
    const look = async () => (await this.#again(process, () => store.read(talk.id)))?.row.pendingTurnId;
    if (turn && (await look()) === turnId) {
      const own = await this.#speak(process, talk, feed, turn, driveOn);
      await driveOn(own);
    } else await driveOn(null);
    // The turn may have been lost in the step between its end and the end of its job.
    if ((await look()) === turnId) this.#jobs.set(turnId, { talk, turnId, worker: null });
    else this.#jobs.delete(turnId);
  }

  async #speak(
    process: Process,
    talk: Talk,
    feed: Feed,
    turn: OpenTurn,
    driveOn: (own: OwnTurn | null) => Promise<unknown>,
  ): Promise<OwnTurn> {
    const spoken = new SpokenTurn(feed, talk.id, turn, driveOn);
    const letters = 'abcdefgh'.slice(0, 2 + this.#below(4));
    while (spoken.text.length < letters.length) {
      const next = letters.charAt(spoken.text.length);
      const isOurs = await this.#again(process, () => spoken.say(next, 1));
      if (!isOurs) return spoken.turn;
    }
    const ending =
      this.choices.next() < 0.2
        ? ({ type: 'TurnFailed', code: 'TIMEOUT', retryable: true } as const)
        : ({ type: 'TurnCompleted', usage: null, isTruncated: false } as const);
    await this.#again(process, () => spoken.finish(ending));
    return spoken.turn;
  }

  #read(talk: Talk): void {
    const reader = new Reader(this, talk, this.#feed);
    talk.readers.push(reader);
    this.#start('reader', talk, (process) =>
      reader.load(
        (what, act) => this.#again(process, () => this.#do(process, what, 'look', act)),
        this.#below(80),
      ),
    );
  }

  // ---- what must hold at the end

  #check(talk: Talk): void {
    const row = this.#stored.rows.get(talk.id);
    if (!row) return this.#checkGone(talk);
    const messages = this.#stored.messagesOf(talk.id);
    if (row.pendingTurnId !== null) this.bad('I9 a turn is still pending');
    talk.heard.check(messages, row.outbox.length, row.outboxCount);
    const texts = messages.map(({ content }) => content);
    for (const { name, kind } of talk.heard.refused)
      if (kind === 'send' && texts.includes(name)) this.bad(`I1 ${name} was refused and is stored`);
    if (row.messageCount !== messages.length)
      this.bad(`I2 ${row.messageCount} messages are counted of ${messages.length}`);
    for (const reader of talk.readers) reader.check(messages);
  }

  /** Nothing is left of a deleted conversation. */
  #checkGone({ id }: Talk): void {
    if (this.#stored.messagesOf(id).length > 0) this.bad('messages outlive their conversation');
  }

  #below(most: number): number {
    return this.choices.below(most);
  }
}

/** The events that a listener hears, in order, compared with what is stored at that moment. */
class Heard {
  readonly refused: Process[] = [];
  readonly #world: World;
  readonly #talk: Talk;
  /** The text of each turn up to the last word heard. */
  readonly #said = new Map<string, string>();
  #open: string | null = null;
  #started = new Set<string>();
  #ended = new Set<string>();
  #newest = '';

  constructor(world: World, talk: Talk) {
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
      this.#ordered(event.message.id);
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
      this.#ended.add(event.turnId);
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
    messages: readonly { id: string; content: string; role: string }[],
    left: number,
    _count: number,
  ): void {
    if (this.#open !== null) this.#world.bad('I9 the feed holds a turn');
    if (left > 0) this.#world.note(`${left} entries are left to clear`);
    for (const [turnId, text] of this.#said) {
      const stored = messages.find(({ id }) => id === turnId)?.content ?? '';
      if (stored !== text && !this.#world.hasLost)
        this.#world.bad(`I6 "${text}" was heard, "${stored}" is stored`);
      if (!stored && text) this.#world.bad(`${LOST_WORDS}: "${text}"`);
    }
  }
}

type Look = <T>(store: 'database' | 'feed', act: () => Promise<T>) => Promise<T>;

/** A client that reads a conversation and then listens after its cursor. */
class Reader {
  readonly #world: World;
  readonly #talk: Talk;
  readonly #feed: MemoryFeed;
  #view = new Map<string, string>();
  #turn: { id: string; text: string } | null = null;
  #isReady = false;

  constructor(world: World, talk: Talk, feed: MemoryFeed) {
    this.#world = world;
    this.#talk = talk;
    this.#feed = feed;
  }

  /** `pauses`: the number of steps between reading and listening. */
  async load(look: Look, pauses: number): Promise<void> {
    const { id } = this.#talk;
    this.#isReady = false;
    const { turn, epoch, seq } = await look('feed', () => this.#feed.state(id));
    const rows = await look('database', async () => this.#world.stored.messagesOf(id));
    this.#view = new Map(rows.map((row) => [row.id, row.content]));
    this.#turn = turn ? { id: turn.id, text: turn.text } : null;
    this.#isReady = true;
    for (let pause = 0; pause < pauses; pause++) await look('database', async () => {});
    void this.#listen({ epoch, seq });
  }

  async #listen(after: { epoch: string; seq: number }): Promise<void> {
    for await (const event of heardBy(this.#feed, this.#talk.id, after)) {
      if (event.type === 'FeedReset') {
        const rows = this.#world.stored.messagesOf(this.#talk.id);
        this.#view = new Map(rows.map((row) => [row.id, row.content]));
        this.#turn = null;
      } else this.#hear(event);
    }
  }

  #hear(event: Exclude<HeardEvent, { type: 'FeedReset' }>): void {
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

/** Listens, and where that is refused, listens again after the last event heard. */
async function* heardBy(
  feed: MemoryFeed,
  conversationId: string,
  from: Position,
): AsyncGenerator<HeardEvent> {
  let after = from;
  while (true) {
    try {
      for await (const event of feed.subscribe(conversationId, { after })) {
        after = event;
        yield event;
      }
      return;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }
}

function describe({ row, insert, update }: Change): string {
  const { pendingTurnId, status, outbox } = row;
  return `${status} pending ${pendingTurnId?.slice(-4) ?? 'none'}, +${insert.length} ~${update.length}, outbox ${outbox
    .map(({ n, ...entry }) => `${n}${entry.type === 'TurnEnded' && entry.ending === null ? '?' : ''}`)
    .join(',')}`;
}
