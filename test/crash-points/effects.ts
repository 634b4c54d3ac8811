import { StoreUnavailableError } from '../../core/domain/errors.ts';
import type { Feed } from '../../core/live/feed/feed.ts';
import type { JobProducer } from '../../core/queue/job-producer.ts';
import type { TimerJob, TurnJob } from '../../core/queue/jobs.ts';
import type { ConversationStore } from '../../core/store/conversation-store.ts';

/** What happens to a process at one of its effects, counted from 0. */
export interface Fate {
  at: number;
  /** `dies`: right before the effect. `loses the reply`: the effect is made, its reply never arrives, and the process goes on. */
  how: 'dies' | 'loses the reply';
}

/** Thrown at every further call of a process that has died. */
class Died extends Error {
  override name = 'Died';
}

/** The calls by which one process changes a store, in order. */
export class Effects {
  readonly made: string[] = [];
  /** Whether they created, changed or deleted a conversation. */
  hasCommitted = false;
  readonly #fate: Fate | null;
  #isDead = false;
  readonly #watchers: ((effect: string) => void)[] = [];

  constructor(fate: Fate | null) {
    this.#fate = fate;
  }

  /** Calls back after each effect that was made. */
  watch(watcher: (effect: string) => void): void {
    this.#watchers.push(watcher);
  }

  /** Makes an effect, unless the process is dead. `lost`: the error that the caller gets when the reply is lost. */
  async make<T>(effect: string, act: () => Promise<T>, lost: () => Error): Promise<T> {
    const at = this.made.length;
    const isFated = this.#fate?.at === at;
    if (isFated && this.#fate?.how === 'dies') this.#isDead = true;
    if (this.#isDead) throw new Died(`before ${effect}`);
    this.made.push(effect);
    const reply = await act();
    for (const watcher of this.#watchers) watcher(effect);
    if (isFated) throw lost();
    return reply;
  }
}

export function feedWith(effects: Effects, feed: Feed): Feed {
  const lost = () => new StoreUnavailableError('the reply is lost');
  const on = <A extends unknown[], T>(effect: string, act: (...args: A) => Promise<T>) => {
    return (...args: A) => effects.make(effect, () => act.apply(feed, args), lost);
  };
  return {
    advance: on('advance', feed.advance),
    begin: (...args) => feed.begin(...args),
    claim: on('claim', feed.claim),
    speak: on('speak', feed.speak),
    think: on('think', feed.think),
    finish: on('finish', feed.finish),
    fastForward: on('fastForward', feed.fastForward),
    notifySpeaker: on('notifySpeaker', feed.notifySpeaker),
    append: on('append', feed.append),
    remove: on('remove', feed.remove),
    state: (...args) => feed.state(...args),
    subscribe: (...args) => feed.subscribe(...args),
    watchTurn: (...args) => feed.watchTurn(...args),
    stop: () => feed.stop(),
  };
}

/** `onCreate` is called with the id of a conversation before it is created. */
export function storeWith(
  effects: Effects,
  stored: ConversationStore,
  onCreate: (conversationId: string) => Promise<void>,
): ConversationStore {
  const lost = () => new StoreUnavailableError('the reply is lost');
  const commitTo =
    (bound: Pick<ConversationStore, 'commit'>): ConversationStore['commit'] =>
    (...args) =>
      effects.make(
        'commit',
        async () => {
          const done = await bound.commit(...args);
          effects.hasCommitted ||= done.outcome === 'committed';
          return done;
        },
        lost,
      );
  return {
    as: (owner) => {
      const bound = stored.as(owner);
      return { read: (...args) => bound.read(...args), commit: commitTo(bound) };
    },
    settledAt: (...args) => stored.settledAt(...args),
    read: (...args) => stored.read(...args),
    removeDeletion: (...args) => effects.make('removeDeletion', () => stored.removeDeletion(...args), lost),
    now: () => stored.now(),
    unpublished: (...args) => stored.unpublished(...args),
    commit: commitTo(stored),
    create: async (...args) => {
      await onCreate(args[0].row.id);
      return effects.make(
        'create',
        async () => {
          const done = await stored.create(...args);
          effects.hasCommitted ||= done.outcome === 'created';
          return done;
        },
        lost,
      );
    },
    delete: (...args) =>
      effects.make(
        'delete',
        async () => {
          const done = await stored.delete(...args);
          effects.hasCommitted ||= done === 'deleted';
          return done;
        },
        lost,
      ),
    restOf: (...args) => stored.restOf(...args),
    removeRest: (...args) => effects.make('removeRest', () => stored.removeRest(...args), lost),
    clear: (...args) => effects.make('clear', () => stored.clear(...args), lost),
  };
}

const closed = () => new Error('Connection is closed.');

export function jobsWith(effects: Effects, jobs: JobProducer<TurnJob>): Pick<JobProducer<TurnJob>, 'add'> {
  return { add: (job) => effects.make('add', () => jobs.add(job), closed) };
}

export function timerJobsWith(
  effects: Effects,
  jobs: JobProducer<TimerJob>,
): Pick<JobProducer<TimerJob>, 'arm' | 'disarm' | 'isArmed'> {
  return {
    arm: (...args) => effects.make('arm', () => jobs.arm(...args), closed),
    disarm: (job) => effects.make('disarm', () => jobs.disarm(job), closed),
    isArmed: (job) => jobs.isArmed(job),
  };
}
