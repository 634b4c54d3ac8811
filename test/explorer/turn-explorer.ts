import { newConversation } from '../../core/conversations/new-conversation.ts';
import {
  BusyError,
  NotFoundError,
  OutcomeUnknownError,
  StoreUnavailableError,
  UnavailableError,
} from '../../core/domain/errors.ts';
import { DEFAULT_TENANT, isSameOwner, type Owner } from '../../core/domain/owner.ts';
import type { QueuedMessage } from '../../core/domain/queued-message.ts';
import type { WhileSpeaking } from '../../core/domain/vocabulary.ts';
import type { Feed, OpenTurn } from '../../core/live/feed/feed.ts';
import { MemoryFeed } from '../../core/live/feed/memory.ts';
import type { ConversationStore } from '../../core/store/conversation-store.ts';
import type { Change, Snapshot } from '../../core/store/draft.ts';
import type { Seen } from '../../core/store/outbox.ts';
import type { TurnRest } from '../../core/store/turn-rest.ts';
import { commit } from '../../core/turns/commit.ts';
import { type DriveOptions, drive } from '../../core/turns/drive.ts';
import * as life from '../../core/turns/life.ts';
import * as queue from '../../core/turns/queue.ts';
import { type OwnTurn, unfilled } from '../../core/turns/settle.ts';
import { edit, regenerate, select } from '../../core/turns/tree.ts';
import { keepRest } from '../../core/turns/turn-rests.ts';
import { place } from '../../core/turns/while-speaking.ts';
import type { Message } from '../../generated/prisma/client.ts';
import { SpokenTurn } from '../../worker/spoken-turn.ts';
import { MemoryBranches } from '../support/memory-branches.ts';
import { MemoryConversationStore } from '../support/memory-conversation-store.ts';
import { Choices, type Recorded } from './choices.ts';
import { Heard } from './heard.ts';
import { Reader } from './reader.ts';
import { VirtualTime } from './time.ts';
import type { View } from './view.ts';

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

const OPERATIONS = [
  'send',
  'send',
  'send',
  'queue',
  'queue',
  'after sentence',
  'acknowledge',
  'withdraw',
  'send now',
  'cancel',
  'end',
  'complete',
  'volunteer',
  'regenerate',
  'edit',
  'select',
  'update',
] as const;
/** The operations that store a message with the name of their process. */
const SENDS: readonly string[] = ['send', 'queue', 'after sentence', 'acknowledge', 'edit'];
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
  /** The calls that were refused. */
  readonly refused: Process[] = [];

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

class World implements View {
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

  /** The texts that have waited and were not withdrawn. */
  readonly #queued = new Set<string>();
  /** What was seen of the turns that were cut to that, as it was committed. */
  readonly seen = new Map<string, number>();

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
    const { restOf, removeRest } = this.#stored;
    const on = <A extends unknown[], T>(what: string, act: (...args: A) => Promise<T>) => {
      return (...args: A) => this.#do(process, 'database', what, () => act.apply(this.#stored, args));
    };
    const commitTo =
      (bound: Pick<ConversationStore, 'commit'>): ConversationStore['commit'] =>
      (from, change, id, deadline) =>
        this.#do(process, 'database', `commit ${describe(change)}`, async () => {
          const done = await bound.commit(from, change, id, deadline);
          if (done.outcome === 'committed') {
            process.hasEffect = true;
            for (const { turnId, offset } of change.row.recentlySeen)
              if (offset !== null) this.seen.set(turnId, offset);
            this.#noteQueue(from.queued, change);
            this.#noteQuestions(change);
          }
          if (done.outcome !== 'committed') this.note(`${process.name}: ${done.outcome}`);
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
      restOf: on('restOf', restOf),
      removeRest: on('removeRest', removeRest),
      commit: commitTo(this.#stored),
    };
  }

  #noteQueue(before: readonly QueuedMessage[], { row, insert }: Change): void {
    for (const { id, text } of row.queued) if (!before.some((one) => one.id === id)) this.#queued.add(text);
    for (const { id, text } of before) {
      const isSent = insert.some(({ content }) => content === text);
      if (!isSent && !row.queued.some((one) => one.id === id)) this.#queued.delete(text);
    }
  }

  /** The message that each turn answers, as it was committed. */
  readonly #questions = new Map<string, string>();

  #noteQuestions({ insert, update }: Change): void {
    for (const { id, turnId } of insert) if (turnId !== null) this.#questions.set(turnId, id);
    for (const one of update) if ('id' in one && one.turnId) this.#questions.set(one.turnId, one.id);
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
      newTurn: async ({ id: conversationId, pendingTurnId: id, pendingTurnCause }) => {
        if (id === null) return null;
        const rest = await store.restOf(conversationId, id);
        const spoken = rest && { text: rest.text.slice(0, rest.spoken), tokens: rest.tokens };
        return { id, cause: pendingTurnCause as never, model: 'm', ...(spoken && { spoken }) };
      },
      addJob: ({ conversationId, turnId }) =>
        this.#do(process, 'feed', 'add job', async () => {
          const talk = this.#talks.find((one) => one.id === conversationId);
          if (talk && !this.#jobs.has(turnId)) this.#jobs.set(turnId, { talk, turnId, worker: null });
        }),
      endAtSentence: ({ conversationId, turnId }) =>
        this.#do(process, 'feed', 'end at the sentence', async () => {
          const talk = this.#talks.find((one) => one.id === conversationId);
          if (talk) this.#start('sentence end', talk, (p) => this.#operation(p, talk, turnId));
        }),
    };
  }

  // ---- operations

  async #operation(process: Process, talk: Talk, kind: string): Promise<void> {
    const store = this.#store(process);
    const after = this.#stored.rows.get(talk.id)?.lastTurnId ?? '';
    const seen = this.#seenOf(talk);
    const waiting = this.#stored.rows.get(talk.id)?.queued.at(-1)?.id;
    const branched = this.#branched(process, talk, kind);
    const decide = async (snapshot: Snapshot): Promise<{ change: Change | null; result: null }> => {
      switch (kind) {
        case 'send':
          return { change: life.send(snapshot, { text: process.name, seen, before: null }), result: null };
        case 'queue':
          return { change: this.#placed(process, snapshot, 'QUEUE'), result: null };
        case 'after sentence':
          return { change: this.#placed(process, snapshot, 'AFTER_SENTENCE'), result: null };
        case 'acknowledge':
          return { change: this.#placed(process, snapshot, 'AUTO'), result: null };
        case 'withdraw':
          return { change: waiting ? queue.withdraw(snapshot, waiting).draft : null, result: null };
        case 'send now':
          return { change: waiting ? queue.sendNow(snapshot, waiting, seen) : null, result: null };
        case 'regenerate':
        case 'edit':
        case 'select':
          return { change: branched(snapshot, seen), result: null };
        case 'cancel':
          return { change: life.cancel(snapshot, undefined, seen), result: null };
        case 'end':
          return { change: life.end(snapshot, seen), result: null };
        case 'complete':
          return { change: life.complete(snapshot, after), result: null };
        case 'volunteer':
          return { change: life.volunteer(snapshot, 'IDLE_NUDGE', after), result: null };
        case 'update':
          return { change: life.update(snapshot, { title: process.name }), result: null };
        default:
          return { change: queue.endSentence(snapshot, kind), result: null };
      }
    };
    try {
      const { owner } = talk;
      const options = { store, owner, withinMs: COMMIT_STEPS, resolveWithinMs: 60_000, lookAgainMs: 0 };
      const { change, snapshot } = await commit(options, talk.id, decide);
      if (change) await drive(this.#driveOptions(process), talk.id, { from: snapshot });
    } catch (error) {
      const isRefusal = error instanceof UnavailableError;
      // Deleted meanwhile, or it does not wait any more.
      if (error instanceof NotFoundError || error instanceof BusyError) return;
      if (isRefusal && process.hasEffect) this.bad(`I1 ${process.name} was refused and had an effect`);
      if (isRefusal) talk.refused.push(process);
      if (!isRefusal && !(error instanceof OutcomeUnknownError) && !(error instanceof StoreUnavailableError))
        throw error;
    }
  }

  #placed(process: Process, snapshot: Snapshot, whileSpeaking: WhileSpeaking): Change | null {
    const acknowledges = whileSpeaking === 'AUTO' ? { heard: null } : null;
    return place(snapshot, { text: process.name, before: null, whileSpeaking, acknowledges }).draft;
  }

  /** What the caller has on the screen of the turn that is pending now; null: it does not say. */
  #seenOf({ id }: Talk): Seen | null {
    const turnId = this.#stored.rows.get(id)?.pendingTurnId;
    return turnId && this.choices.next() < 0.5 ? { turnId, offset: this.#below(6) } : null;
  }

  /** Shows another branch, by any message of the tree. */
  #branched(
    process: Process,
    talk: Talk,
    kind: string,
  ): (snapshot: Snapshot, seen: Seen | null) => Change | null {
    const messages = this.#stored.messagesOf(talk.id);
    const named = messages[this.#below(messages.length)]?.id;
    return (snapshot, seen) => {
      const tree = new MemoryBranches(talk.id, this.#stored.messagesOf(talk.id));
      const message = tree.of(named ?? null);
      if (!message || unfilled(snapshot).length > 0) return null;
      const { pendingTurnId } = snapshot.row;
      const follows = pendingTurnId && tree.before(pendingTurnId);
      if (kind === 'select') return select(snapshot, tree.fork(message.id, { onward: true }));
      if (kind === 'edit') {
        if (message.role !== 'USER' || message.acknowledgedTurnId !== null) return null;
        const fork = tree.fork(tree.parentOf(message));
        return edit(snapshot, { text: process.name, before: null, fork, follows, seen }).draft;
      }
      const id = tree.questionOf(message.id);
      if (id === null) return null;
      const facts = { begun: null, isNamed: true, question: { id }, fork: tree.fork(id), follows, seen };
      return regenerate(snapshot, facts).draft;
    };
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
    if (!row || (row.outbox.length === 0 && row.pendingTurnId === null && !turn && row.queued.length === 0))
      return;
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
      const own = await this.#speakJob(process, talk, feed, turn, driveOn);
      if (own === 'left') {
        this.#jobs.set(turnId, { talk, turnId, worker: null });
        return;
      }
      await driveOn(own);
    } else await driveOn(null);
    // The turn may have been lost in the step between its end and the end of its job.
    if ((await look()) === turnId) this.#jobs.set(turnId, { talk, turnId, worker: null });
    else this.#jobs.delete(turnId);
  }

  /** Speaks the stored rest of a turn, or what its model says; of that it may store the rest, for another job: `left`. */
  async #speakJob(
    process: Process,
    talk: Talk,
    feed: Feed,
    turn: OpenTurn,
    driveOn: (own: OwnTurn | null) => Promise<unknown>,
  ): Promise<OwnTurn | 'left'> {
    const store = this.#store(process);
    const spoken = new SpokenTurn(feed, talk.id, turn, driveOn);
    const stored = await this.#again(process, () => store.restOf(talk.id, turn.id));
    if (stored?.text.startsWith(turn.text)) return this.#speak(process, spoken, stored);
    if (stored) await this.#again(process, () => store.removeRest(talk.id, turn.id));
    // A model does not say the same twice.
    const letters = this.choices.next() < 0.5 ? 'abcdefgh' : 'ABCDEFGH';
    const text = turn.text + letters.slice(turn.text.length, 2 + this.#below(4));
    const ending =
      this.choices.next() < 0.2
        ? ({ type: 'TurnFailed', code: 'TIMEOUT', retryable: true } as const)
        : ({ type: 'TurnCompleted', usage: null, isTruncated: false } as const);
    const isKept = this.choices.next() < 0.4;
    return this.#speak(process, spoken, { text, ending }, async () => {
      const about = { conversationId: talk.id, turnId: turn.id, text, ending };
      const { length } = spoken.text;
      const pace = { spoken: length, tokens: length, model: 'm', fallback: null, readingWpm: 300 };
      return isKept && this.#keep(store, { ...about, ...pace });
    });
  }

  async #speak(
    process: Process,
    spoken: SpokenTurn,
    { text, ending }: Pick<TurnRest, 'text' | 'ending'>,
    leave: () => Promise<boolean> = async () => false,
  ): Promise<OwnTurn | 'left'> {
    while (spoken.text.length < text.length) {
      const next = text.charAt(spoken.text.length);
      const isOurs = await this.#again(process, () => spoken.say(next, 1));
      if (!isOurs) return spoken.turn;
      if (await leave()) return 'left';
    }
    await this.#again(process, () => spoken.finish(ending));
    return spoken.turn;
  }

  /** Stores the rest of a turn. False: it was not stored, or it is not known. */
  async #keep(store: ConversationStore, rest: TurnRest): Promise<boolean> {
    try {
      const options = { store, owner: null, withinMs: COMMIT_STEPS, resolveWithinMs: 60_000, lookAgainMs: 0 };
      const { change } = await commit(options, rest.conversationId, async (snapshot) => ({
        change: keepRest(snapshot, rest),
        result: null,
      }));
      return change !== null;
    } catch (error) {
      const isExpected =
        error instanceof NotFoundError ||
        error instanceof OutcomeUnknownError ||
        error instanceof StoreUnavailableError;
      if (!isExpected) throw error;
      return false;
    }
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
    if (this.#stored.rests.has(talk.id)) this.bad('I12 the rest of a turn is left that is over');
    talk.heard.check(messages, row.outbox.length, row.outboxCount);
    const texts = messages.map(({ content }) => content);
    if (row.queued.length > 0) this.bad('I11 a message still waits');
    for (const text of this.#queued) {
      const times = texts.filter((one) => one === text).length;
      if (text.startsWith(`${talk.name}:`) && times !== 1)
        this.bad(`I11 ${text} waited and is stored ${times} times`);
    }
    for (const { name, kind } of talk.refused)
      if (SENDS.includes(kind) && texts.includes(name)) this.bad(`I1 ${name} was refused and is stored`);
    const tree = new MemoryBranches(talk.id, messages);
    const { visible } = tree;
    if (row.messageCount !== visible.length)
      this.bad(`I2 ${row.messageCount} messages are counted of ${visible.length}`);
    if (!this.#hasLost) this.#checkTree(tree, messages);
    for (const reader of talk.readers) reader.check(visible);
  }

  /** Each answer follows what it answers, whichever branch is visible; and each message what is older. */
  #checkTree(tree: MemoryBranches, messages: readonly Message[]): void {
    for (const message of messages) {
      const parent = tree.parentOf(message);
      if (parent >= message.id) this.bad(`I13 ${message.content} follows what is newer`);
      const question = this.#questions.get(message.id);
      if (message.role === 'ASSISTANT' && question && tree.questionOf(message.id) !== question)
        this.bad(`I13 ${message.content} answers "${tree.of(tree.questionOf(message.id))?.content}"`);
      const acknowledged = tree.of(message.acknowledgedTurnId);
      if (acknowledged && !tree.pathTo(message).includes(acknowledged.id))
        this.bad(`I13 ${message.content} acknowledges an answer of another branch`);
    }
  }

  /** Nothing is left of a deleted conversation. */
  #checkGone({ id }: Talk): void {
    if (this.#stored.messagesOf(id).length > 0) this.bad('messages outlive their conversation');
    if (this.#stored.rests.has(id)) this.bad('the rest of a turn outlives its conversation');
  }

  #below(most: number): number {
    return this.choices.below(most);
  }
}

function describe({ row, insert, update }: Change): string {
  const { pendingTurnId, status, outbox } = row;
  return `${status} pending ${pendingTurnId?.slice(-4) ?? 'none'}, +${insert.length} ~${update.length}, outbox ${outbox
    .map(({ n, ...entry }) => `${n}${entry.type === 'TurnEnded' && entry.ending === null ? '?' : ''}`)
    .join(',')}`;
}
