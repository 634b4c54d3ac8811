import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { type MockInstance, vi } from 'vitest';
import type { App } from '../../core/app.ts';
import type { Owner } from '../../core/domain/owner.ts';
import type { Pacing } from '../../core/domain/vocabulary.ts';
import { inferenceLogJob } from '../../core/inference/inference-log-job.ts';
import type { InferenceRecord } from '../../core/inference/inference-record.ts';
import type { HeardEvent } from '../../core/live/feed/events.ts';
import type { ScriptedUpstream } from './scripted-model/scripted.ts';
import { until } from './until.ts';

/** How many records of calls to models a worker stores at once. */
const RECORDS_AT_ONCE = 4;

/** Somebody with something in every place, as the product itself put it there. Texts have marks by which they are found. */
export class PlantedPerson {
  readonly owner: Owner;
  readonly #app: App;
  readonly #upstream: ScriptedUpstream;
  /** Words that are nowhere else, each in one text. */
  readonly marks: string[] = [];
  /** The marks in texts of their own that are stored in the database, as it is. */
  readonly own: string[] = [];
  /** The marks in answers that are being spoken. */
  readonly spoken: string[] = [];
  readonly conversations: string[] = [];
  readonly #series = randomUUID().replaceAll(/[^a-f]/g, '');

  constructor(app: App, upstream: ScriptedUpstream, owner: Owner) {
    this.#app = app;
    this.#upstream = upstream;
    this.owner = owner;
  }

  mark(what: string, isOwn = false): string {
    const made = `${what}-${this.#series}-${String.fromCharCode(97 + this.marks.length / 26, 97 + (this.marks.length % 26))}`;
    this.marks.push(made);
    if (isOwn) this.own.push(made);
    return made;
  }

  async converse(pacing: Pacing = 'INSTANT'): Promise<string> {
    const { conversations, models } = this.#app;
    const input = { owner: this.owner, model: models.default.id, pacing, greet: false } as const;
    const { id } = await conversations.create(input);
    this.conversations.push(id);
    return id;
  }

  send(conversationId: string, text = this.mark('question', true)): Promise<{ turnId: string }> {
    return this.#app.turns.send({ conversationId, owner: this.owner, text });
  }

  /** A conversation with a title, a question and its answer. */
  async answered(): Promise<string> {
    const id = await this.converse();
    const { turnId } = await this.send(id);
    await this.#answer();
    await this.#isStored(turnId);
    await this.#app.conversations.update(id, this.owner, { title: this.mark('title', true) });
    return id;
  }

  /** An answer that was cut off. */
  async interrupted(): Promise<void> {
    const { id, turnId } = await this.speaking('own');
    await this.#app.turns.cancel(id, this.owner);
    await this.#isStored(turnId);
  }

  /** An answer that failed, and was answered again. */
  async regenerated(): Promise<void> {
    const { branches, database } = this.#app;
    const id = await this.converse();
    await this.send(id);
    const call = await this.#upstream.nextRequest();
    await call.fail(400, { error: { message: `no: ${this.mark('failure', true)}`, code: 'odd' } });
    const isFailed = () =>
      database.prisma.message.count({ where: { conversationId: id, failureCode: { not: null } } });
    await until(async () => (await isFailed()) === 1);
    const { turnId } = await branches.regenerate(id, this.owner, { clientRequestId: randomUUID() });
    await this.#answer();
    await this.#isStored(turnId);
  }

  /** An answer that is being spoken, and will not end by itself. */
  async speaking(as: 'own' | 'spoken' = 'spoken'): Promise<{ id: string; turnId: string }> {
    const id = await this.converse();
    const { turnId } = await this.send(id);
    const call = await this.#upstream.nextRequest();
    const mark = this.mark('spoken', as === 'own');
    if (as === 'spoken') this.spoken.push(mark);
    await call.send(`${mark}. And `);
    const heard = async () => (await this.#app.feed.state(id)).turn?.text ?? '';
    await until(async () => (await heard()).includes(mark));
    return { id, turnId };
  }

  /** An answer that is read for ten minutes, and whose model has finished: its rest is stored. */
  async resting(): Promise<void> {
    const id = await this.converse('READING');
    await this.#app.presence.join(id);
    await this.send(id);
    const call = await this.#upstream.nextRequest();
    await call.send(`${this.mark('read')}. ${'And so on. '.repeat(1_000)}`);
    await call.finish();
    const where = { conversationId: id };
    await until(async () => (await this.#app.database.prisma.turnRest.count({ where })) === 1);
  }

  async token(): Promise<void> {
    const caller = { ...this.owner, role: 'USER' } as const;
    const token = {
      name: this.mark('token', true),
      scopes: ['CONVERSATIONS_READ'],
      expiresAt: null,
    } as const;
    await this.#app.apiTokens.create(caller, token);
  }

  /** A record of a call to a model, with marks in its texts. */
  record(words: Partial<InferenceRecord> = {}, isOwn = false): InferenceRecord {
    return {
      ...{ id: uuidv7(), ...this.owner, conversationId: null, messageId: null, model: 'm', provider: 'p' },
      ...{ status: 'ERROR', latencyMs: 1, timeToFirstTokenMs: null, inputTokens: 1, outputTokens: 1 },
      ...{ tokensEstimated: false, errorCode: 'TIMEOUT', at: Math.floor(this.#app.clock.now()) },
      errorMessage: this.mark('error', isOwn),
      input: this.mark('input', isOwn),
      output: this.mark('output', isOwn),
      ...words,
    };
  }

  async #answer(): Promise<void> {
    const call = await this.#upstream.nextRequest();
    await call.send(`${this.mark('answer', true)}.`);
    await call.finish();
  }

  #isStored(turnId: string): Promise<void> {
    const { message } = this.#app.database.prisma;
    return until(async () => (await message.count({ where: { id: turnId } })) === 1);
  }
}

/** Decides what becomes of the records of calls to models that a worker of this process stores. */
export class RecordGate {
  readonly #seen = new Set<string>();
  readonly #fates = new Map<string, Error | Promise<void>>();
  readonly #spy: MockInstance;
  #open = () => {};
  readonly #opened = new Promise<void>((resolve) => {
    this.#open = resolve;
  });

  constructor({ inferenceLogs }: App) {
    const add = inferenceLogs.add.bind(inferenceLogs);
    this.#spy = vi.spyOn(inferenceLogs, 'add').mockImplementation(async (record) => {
      this.#seen.add(record.id);
      const fate = this.#fates.get(record.id);
      if (fate instanceof Error) throw fate;
      await fate;
      await add(record);
    });
  }

  /** Storing it fails. */
  refuse({ id }: InferenceRecord, reason: string): void {
    this.#fates.set(id, new Error(reason));
  }

  /** Storing it takes until {@link open}. */
  hold({ id }: InferenceRecord): void {
    this.#fates.set(id, this.#opened);
  }

  open(): void {
    this.#open();
  }

  hasSeen({ id }: InferenceRecord): boolean {
    return this.#seen.has(id);
  }

  restore(): void {
    this.open();
    this.#spy.mockRestore();
  }
}

/**
 * Jobs of the log of calls to models in every state: failed, waiting for another attempt, running, and waiting for these,
 * as they do when no worker runs. Returns one of those that wait.
 */
export async function plantRecords(
  app: App,
  person: PlantedPerson,
  gate: RecordGate,
): Promise<InferenceRecord> {
  const { inferenceJobs } = app;
  const failed = person.record();
  gate.refuse(failed, `cannot be stored: ${person.mark('reason')}`);
  await inferenceJobs.add(failed);
  await until(async () => (await inferenceJobs.failureOf(failed)) !== undefined);
  const delayed = person.record();
  gate.refuse(delayed, 'not yet');
  const triedRarely = app.backend.producer({ ...inferenceLogJob, tries: { attempts: 3, waitMs: 3_600_000 } });
  await triedRarely.add(delayed);
  await until(() => gate.hasSeen(delayed));
  const held = Array.from({ length: RECORDS_AT_ONCE }, () => person.record());
  for (const record of held) {
    gate.hold(record);
    await inferenceJobs.add(record);
  }
  await until(() => held.every((record) => gate.hasSeen(record)));
  const waiting = Array.from({ length: 3 }, () => person.record());
  for (const record of waiting) await inferenceJobs.add(record);
  await inferenceJobs.add(person.record({ owner: null, conversationId: person.conversations[0] ?? null }));
  return waiting[0] as InferenceRecord;
}

/** Resolves to the events of a subscription when it has ended. */
export async function untilEnd(events: AsyncIterable<HeardEvent>): Promise<HeardEvent[]> {
  const heard: HeardEvent[] = [];
  for await (const event of events) heard.push(event);
  return heard;
}
