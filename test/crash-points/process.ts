import { trace } from '@opentelemetry/api';
import { createRedact } from '@taskflow/redaction';
import type { App } from '../../core/app.ts';
import { Conversations } from '../../core/conversations/conversations.ts';
import { LOCAL_OWNER } from '../../core/domain/owner.ts';
import type { JobProducer } from '../../core/queue/job-producer.ts';
import type { TimerJob } from '../../core/queue/jobs.ts';
import { BranchReads } from '../../core/store/branch-reads.ts';
import { Timers } from '../../core/timers/timers.ts';
import { Branches } from '../../core/turns/branches.ts';
import { EMBEDDED_COMMIT_WITHIN_MS } from '../../core/turns/deadline.ts';
import { TurnEngine } from '../../core/turns/turn-engine.ts';
import { TurnRests } from '../../core/turns/turn-rests.ts';
import { Turns } from '../../core/turns/turns.ts';
import type { Prompter } from '../../worker/prompting.ts';
import { sweep } from '../../worker/sweep.ts';
import { TimerActions } from '../../worker/timer-actions.ts';
import { TurnSpeaker } from '../../worker/turn-speaker.ts';
import { Effects, type Fate, feedWith, jobsWith, storeWith, timerJobsWith } from './effects.ts';
import { Voice } from './voice.ts';

/** The stores, opened by one instance. */
export interface Stores {
  app: App;
  timerJobs: JobProducer<TimerJob>;
}

export interface ProcessOptions {
  fate?: Fate | null;
  voice?: Voice;
  onCreate?: (conversationId: string) => Promise<void>;
}

const nobodyStops = new AbortController().signal;

/** The work of a server and a worker, as one process on the real stores. */
export class Process {
  readonly effects: Effects;
  readonly turns: Turns;
  readonly branches: Branches;
  readonly conversations: Conversations;
  readonly #engine: TurnEngine;
  readonly #stores: Stores;
  readonly #speaker: TurnSpeaker;
  readonly #timers: Timers;

  constructor(stores: Stores, { fate = null, voice, onCreate = async () => {} }: ProcessOptions = {}) {
    this.#stores = stores;
    const { app, timerJobs } = stores;
    const { config, log, reads, changes, models, modelHealth } = app;
    this.effects = new Effects(fate);
    const feed = feedWith(this.effects, app.feed);
    const timers = new Timers({ ...config, jobs: timerJobsWith(this.effects, timerJobs), log });
    this.#timers = timers;
    const store = storeWith(this.effects, app.store, onCreate);
    const jobs = jobsWith(this.effects, app.jobs);
    // A busy machine is no crash: what is slow is not refused.
    const answerWithinMs = EMBEDDED_COMMIT_WITHIN_MS;
    const engine = new TurnEngine({
      ...{ store, feed, jobs, changes, timers, models, modelHealth, log, answerWithinMs },
    });
    const restJobs = jobsWith(this.effects, app.restJobs);
    const rests = new TurnRests({ store, jobs, restJobs, commitWithinMs: answerWithinMs });
    this.#engine = engine;
    this.turns = new Turns({ engine, reads, feed, timers });
    this.branches = new Branches({ engine, reads, branches: new BranchReads(app.database) });
    const { provider } = app.llm;
    this.conversations = new Conversations({ engine, store, reads, feed, timers, provider });
    const llm = voice ?? new Voice(app.feed);
    llm.follow(this.effects);
    this.#speaker = new TurnSpeaker({
      ...{ reads, feed, turns: this.turns, rests, presence: { isAnyone: async () => true }, llm, log },
      shortestRestMs: 0,
      prompter: { promptOf: async () => [] } as unknown as Prompter,
      onStop: 'hand-over',
      redact: createRedact({ phoneRegions: [] }),
      tracer: trace.getTracer('test'),
    });
  }

  /** Runs a turn's job once, then that of its rest, if it has one. Rejects when one must be retried. */
  async speak(conversationId: string, turnId: string): Promise<void> {
    const job = { conversationId, turnId, ...LOCAL_OWNER };
    if (!(await this.#speaker.passOn(job, nobodyStops))) await this.#speaker.run(job, nobodyStops);
    if (await this.#stores.app.restJobs.isAlive(job)) await this.#speaker.runRest(job, nobodyStops);
  }

  /** Sweeps this conversation alone, without a minimum age of its outbox or its pending turn. */
  sweep(conversationId: string): Promise<void> {
    const { store, reads, jobs, restJobs, slots, log } = this.#stores.app;
    return sweep({
      store: {
        now: () => store.now(),
        unpublished: async (...args) =>
          (await store.unpublished(...args)).filter((id) => id === conversationId),
      },
      reads: {
        overdue: async (...args) =>
          (await reads.overdue(...args)).filter((job) => job.conversationId === conversationId),
      },
      turns: this.turns,
      share: { admit: async () => {} },
      ...{ jobs, restJobs, slots, log, unpublishedMs: 0, overdueMs: -60_000 },
    });
  }

  /** Fires the conversation's timer, if one is set. Returns whether it is. */
  async fire(conversationId: string): Promise<boolean> {
    const { app, timerJobs } = this.#stores;
    const job = { kind: 'idle', conversationId, turnId: null, nudged: false } as const;
    if (!(await timerJobs.isArmed(job))) return false;
    const actions = new TimerActions({
      ...app,
      ...app.config,
      turns: this.turns,
      conversations: this.conversations,
      timers: this.#timers,
    });
    await actions.run(job);
    return true;
  }

  /** Clears at once what it has published, which it otherwise does a while later. */
  settle(): Promise<void> {
    return this.#engine.stop();
  }
}
