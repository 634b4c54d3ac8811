import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { deleteConversation } from '../conversations/create-delete.ts';
import { NotFoundError } from '../domain/errors.ts';
import { DEFAULT_TENANT, isSameOwner, type Owner, ownerOf } from '../domain/owner.ts';
import type { Revocations } from '../live/revocations/revocations.ts';
import type { TurnSlots } from '../live/turn-slots/turn-slots.ts';
import type { JobProducer, Verdict } from '../queue/job-producer.ts';
import type { TurnJob } from '../queue/jobs.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import type { Batch, PersonRows } from '../store/person-rows.ts';
import { COMMIT_WITHIN_MS } from '../turns/deadline.ts';
import type { Turns } from '../turns/turns.ts';
import type { Step } from './inventory.ts';

export interface ErasureOptions {
  rows: PersonRows;
  conversations: Pick<Conversations, 'delete'>;
  turns: Pick<Turns, 'drive'>;
  store: ConversationStore;
  slots: Pick<TurnSlots, 'clear'>;
  revocations: Pick<Revocations, 'publish'>;
  /** The queues with jobs about persons. */
  queues: readonly Pick<JobProducer<TurnJob>, 'removeAll' | 'dropEvents'>[];
  /** Dates the calls to models. */
  clock: Pick<Clock, 'now'>;
}

export interface EraseOptions {
  /**
   * How long nothing of the person must be found before they count as erased, in milliseconds; {@link QUIET_MS} unless given.
   * 0 where no other process can use the stores.
   */
  quietMs?: number;
  /** Whether another process has the feeds in its memory: its sweep ends those of deleted conversations. */
  isLiveElsewhere?: boolean;
}

/** How much each step has erased. */
export type Found = Record<Step, number>;

export interface Erased {
  found: Found;
  /** Whether the last round found nothing. If not, the person has not stopped to call, or jobs about them still run. */
  isComplete: boolean;
}

/**
 * The default of `quietMs`: longer than a server trusts an API token that it has read, and than an answer that was cut off
 * takes to end and to be recorded.
 */
const QUIET_MS = 4_000;
/** The most rounds: who still finds something then has not stopped to call. */
const MAX_ROUNDS = 10;
/** How many conversations are deleted at once: fewer than a process has connections for changes. */
const AT_ONCE = 4;

/**
 * Erases everything of a person while servers and workers run: in rounds, until one finds nothing, because what was under way
 * may be stored after it was looked for. Each statement is small. It can be repeated, also after it was interrupted.
 */
export class Erasure {
  readonly #options: ErasureOptions;

  constructor(options: ErasureOptions) {
    this.#options = options;
  }

  /** @throws {StoreUnavailableError} when a store does not answer: a part may be erased, and it should be repeated */
  async run(of: Owner, { quietMs = QUIET_MS, isLiveElsewhere = false }: EraseOptions = {}): Promise<Erased> {
    const person = ownerOf(of);
    const found: Found = {
      account: 0,
      apiTokens: 0,
      conversations: 0,
      turnSlots: 0,
      inferenceLogs: 0,
      jobs: 0,
    };
    for (let round = 1; ; round++) {
      const { running, ...erased } = await this.#round(person, isLiveElsewhere);
      for (const step of STEPS) found[step] += erased[step];
      const isComplete = running === 0 && STEPS.every((step) => erased[step] === 0);
      if (isComplete || round === MAX_ROUNDS) return { found, isComplete };
      await delay(quietMs);
    }
  }

  /** `running`: jobs about them that run. */
  async #round(person: Owner, isLiveElsewhere: boolean): Promise<Found & { running: number }> {
    const { rows, slots, clock } = this.#options;
    await rows.noteErasure(person, new Date(clock.now()));
    const account = await rows.deleteAccount(person);
    const apiTokens = await this.#eraseTokens(person);
    const conversations = await this.#deleteConversations(person, isLiveElsewhere);
    const turnSlots = await slots.clear(person);
    const inferenceLogs = await untilLast(() => rows.anonymizeCalls(person));
    return {
      account,
      apiTokens,
      conversations,
      turnSlots,
      inferenceLogs,
      ...(await this.#removeJobs(person)),
    };
  }

  async #eraseTokens(person: Owner): Promise<number> {
    const { rows, revocations } = this.#options;
    const deleted = await untilLast(() => rows.deleteApiTokens(person));
    await revocations.publish(person);
    return deleted;
  }

  /** Only as many as there are now: those that are created meanwhile are for the next round. */
  async #deleteConversations(person: Owner, isLiveElsewhere: boolean): Promise<number> {
    const { rows } = this.#options;
    const limit = pLimit(AT_ONCE);
    let deleted = 0;
    for (let left = await rows.countConversations(person); left > 0; ) {
      const ids = await rows.oldestConversations(person);
      if (ids.length === 0) break;
      const done = await Promise.allSettled(
        ids.map((id) => limit(() => this.#delete(id, person, isLiveElsewhere))),
      );
      const failed = done.find((one) => one.status === 'rejected');
      const count = done.filter(({ status }) => status === 'fulfilled').length;
      // Those that failed are tried again, unless all did.
      if (failed && count === 0) throw failed.reason;
      deleted += count;
      left -= count;
      if (!isLiveElsewhere) await this.#publishDeletions(ids);
    }
    return deleted;
  }

  async #delete(id: string, owner: Owner, isLiveElsewhere: boolean): Promise<void> {
    const { conversations, store } = this.#options;
    try {
      if (isLiveElsewhere) await deleteConversation(store, id, { owner, withinMs: COMMIT_WITHIN_MS });
      else await conversations.delete(id, owner);
    } catch (error) {
      // It was deleted meanwhile.
      if (!(error instanceof NotFoundError)) throw error;
    }
  }

  /** Ends the feeds of deleted conversations that their deletion has not ended in time. */
  async #publishDeletions(ids: readonly string[]): Promise<void> {
    const { rows, turns } = this.#options;
    for (const id of await rows.unpublishedDeletions(ids)) await turns.drive(id);
  }

  async #removeJobs(person: Owner): Promise<{ jobs: number; running: number }> {
    const done = { jobs: 0, running: 0 };
    for (const queue of this.#options.queues) {
      const { removed, running } = await queue.removeAll((data) => this.#judge(person, data));
      await queue.dropEvents();
      done.jobs += removed;
      done.running += running;
    }
    return done;
  }

  /** Besides the jobs that name the person, those that name no owner and a conversation that does not exist are removed. */
  async #judge(person: Owner, jobs: readonly unknown[]): Promise<Verdict[]> {
    const about = jobs.map((data) => jobData.parse(data));
    const ids = about.flatMap(({ owner, conversationId }) => (owner === null && conversationId) || []);
    const gone = ids.length > 0 ? await this.#options.rows.withoutConversation(ids) : new Set<string>();
    return about.map(({ owner, tenant, conversationId }) => {
      if (owner === null) return conversationId !== null && gone.has(conversationId) ? 'drop' : 'keep';
      return isSameOwner({ owner, tenant }, person) ? 'remove' : 'keep';
    });
  }
}

const STEPS: readonly Step[] = [
  'account',
  'apiTokens',
  'conversations',
  'turnSlots',
  'inferenceLogs',
  'jobs',
];

/** What the data of a job may say of whom it is about. */
const jobData = z
  .object({
    owner: z.string().nullable().catch(null),
    tenant: z.string().catch(DEFAULT_TENANT),
    conversationId: z.uuid().nullable().catch(null),
  })
  .catch({ owner: null, tenant: DEFAULT_TENANT, conversationId: null });

/** Repeats a step until its last batch. Returns how many it did in all. */
async function untilLast(step: () => Promise<Batch>): Promise<number> {
  let all = 0;
  for (let isLast = false; !isLast; ) {
    const batch = await step();
    all += batch.count;
    isLast = batch.isLast;
  }
  return all;
}
