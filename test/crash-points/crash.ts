import type { App } from '../../core/app.ts';
import { OutcomeUnknownError, UnavailableError } from '../../core/domain/errors.ts';
import { ownerOf } from '../../core/domain/owner.ts';
import type { HeardEvent } from '../../core/live/feed/events.ts';
import type { Message } from '../../generated/prisma/client.ts';
import { until } from '../support/until.ts';
import { faultsOf, unstored } from './check.ts';
import type { Fate } from './effects.ts';
import { ANSWERED, ENDED, type Operation, SENT_AFTER } from './operations.ts';
import { Process, type Stores } from './process.ts';
import { BEFORE, isRead, Scene } from './scene.ts';
import { Voice } from './voice.ts';

/** What repairs the state after a crash. `speaker`: the worker that speaks a turn at the time. */
export type Healer = 'sweep' | 'next operation' | 'speaker' | 'timer';

export interface Crash {
  fate: Fate | null;
  healer: Healer;
}

/** The most rounds of a job and a sweep. */
const ROUNDS = 4;

/**
 * Runs an operation in a process with this fate and repairs the result in another process. Returns the faults that remain, and
 * the effects that were made. `doomed` and `healthy`: the same stores, opened by two instances.
 */
export async function crash(
  { doomed, healthy }: { doomed: Stores; healthy: Stores },
  operation: Operation,
  { fate, healer }: Crash,
): Promise<{ made: readonly string[]; faults: string[] }> {
  const isAhead = isRead(operation.from);
  const healthyVoice = new Voice(healthy.app.feed, { isAhead });
  const healing = new Process(healthy, { voice: healthyVoice });
  const scene = new Scene(healthy, healing);
  await scene.set(operation.from);
  const rested = operation.from === 'rest' ? await scene.lastTurn() : null;
  const voice = new Voice(doomed.app.feed, { fails: operation.fails ?? false, isAhead });
  const process = new Process(doomed, { fate, voice, onCreate: (id) => scene.adopt(id) });
  const { effects } = process;
  const error = await operation.act(process, scene).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const isDone = operation.isJob ?? effects.hasCommitted;
  const faults = operation.isJob ? [] : outcomeFaults(error, { fate, isDone });
  await process.settle();

  const about = { operation, healer, isDone };
  if (!(isDone && operation.deletes)) {
    const heard = await scene.heard(false);
    faults.push(...unstored(heard, await messagesOf(scene.id, healthy)));
  }
  faults.push(...(await heal(scene, healing, healthy, about)));
  faults.push(...(await check(scene, healthy, about)));
  if ([voice, healthyVoice].some(({ asked }) => rested !== null && asked.includes(rested)))
    faults.push('the model is asked although its answer is stored');
  scene.stop();
  return { made: effects.made, faults };
}

/** A call is refused only if it had no effect, and acknowledged only if it had one. */
function outcomeFaults(error: unknown, { fate, isDone }: { fate: Fate | null; isDone: boolean }): string[] {
  if (error === null) return isDone ? [] : ['it was acknowledged, and is not stored'];
  if (fate?.how === 'dies') return [];
  if (error instanceof UnavailableError) return isDone ? ['it was refused, and is stored'] : [];
  return error instanceof OutcomeUnknownError ? [] : [`it failed: ${(error as Error).stack}`];
}

interface About {
  operation: Operation;
  healer: Healer;
  isDone: boolean;
}

/** Runs the healer, then jobs and sweeps, until nothing is pending. */
async function heal(scene: Scene, healing: Process, { app }: Stores, about: About): Promise<string[]> {
  const faults: string[] = [];
  const { id } = scene;
  const { healer } = about;
  if (healer === 'sweep') await healing.sweep(id);
  if (healer === 'timer' && !(await healing.fire(id))) faults.push('no timer was set');
  if (healer === 'next operation') await next(scene, healing, about);
  await scene.goOn();
  for (let round = 0; round < ROUNDS; round++) {
    const row = await app.reads.find(id);
    const turnId = row?.pendingTurnId;
    if (!turnId) break;
    if (healer === 'sweep' || round > 0) await healing.sweep(id);
    const job = { conversationId: id, turnId, ...ownerOf(row) };
    // On a busy machine an operation returns before its effects are made.
    await until(async () => (await app.jobs.isAlive(job)) || app.restJobs.isAlive(job)).catch(() =>
      faults.push('a pending turn has no job'),
    );
    await healing.speak(id, turnId);
  }
  await healing.settle();
  faults.push(...(await clear(scene, healing, app)));
  // A repeated drive is idempotent.
  if (healer === 'sweep' && (await app.reads.find(id))) await healing.turns.drive(id);
  return faults;
}

/** When two processes clear an outbox at once, one has no effect: the sweep clears the rest and publishes nothing. */
async function clear(scene: Scene, healing: Process, { store }: App): Promise<string[]> {
  const left = async () => (await store.read(scene.id))?.row.outbox ?? [];
  if ((await left()).length === 0) return [];
  const before = (await scene.heard(false)).length;
  await healing.sweep(scene.id);
  await healing.settle();
  const late = (await scene.heard(false)).slice(before, -1).map(({ type }) => type);
  return late.length > 0 ? [`only the sweep publishes ${late}`] : [];
}

/** A message interrupts a job's turn; after any other operation the title is changed, if the conversation exists. */
async function next(scene: Scene, { turns, conversations }: Process, about: About): Promise<void> {
  const { id, owner } = scene;
  if (about.operation.isJob) await turns.send(scene.message('Wait!'));
  else if (isUpdatedAfter(about)) await conversations.update(id, owner, { title: NEXT });
}

const NEXT = 'What comes next';

function isUpdatedAfter({ operation, healer, isDone }: About): boolean {
  const isThere = isDone || operation.from !== 'none';
  return healer === 'next operation' && isThere && !operation.isJob;
}

async function check(scene: Scene, healthy: Stores, about: About): Promise<string[]> {
  const { app } = healthy;
  const { operation, isDone } = about;
  const isGone = isDone && operation.deletes === true;
  const found = await app.store.read(scene.id);
  const stored = await messagesOf(scene.id, healthy);
  const heard = await scene.heard(isGone).catch(() => null);
  if (!heard) return ['the listener hears no end'];
  const isThere = operation.from === 'none' ? isDone : !isGone;
  if ((found !== null) !== isThere) return [isThere ? 'there is no such conversation' : 'it is still there'];
  if (!found) return stored.length > 0 ? ['messages outlive their conversation'] : [];
  const { row } = found;
  const { turn } = await app.feed.state(scene.id);
  const visible = stored.filter(({ hiddenSince }) => hiddenSince === null).length;
  const maySendLater = operation.waits === true || operation.from === 'queued';
  const { events, faults } = withoutNext(heard, isUpdatedAfter(about), maySendLater);
  return [
    ...faults,
    ...(row.outbox.length > 0 ? [`left in the outbox: ${row.outbox.map(({ type }) => type)}`] : []),
    ...(row.pendingTurnId ? ['a turn is still pending'] : []),
    ...(turn ? ['the feed still holds a turn'] : []),
    ...(await restsOf(scene.id, healthy)),
    ...(row.messageCount === visible ? [] : [`${row.messageCount} messages are counted of ${visible}`]),
    ...faultsOf(events, expected(about), stored),
  ];
}

async function restsOf(conversationId: string, { app }: Stores): Promise<string[]> {
  const rest = await app.database.prisma.turnRest.findUnique({ where: { conversationId } });
  return rest ? ['the rest of a turn is left'] : [];
}

function messagesOf(conversationId: string, { app }: Stores): Promise<Message[]> {
  return app.database.prisma.message.findMany({ where: { conversationId }, orderBy: { id: 'asc' } });
}

/** The events without that of the next operation, which is heard once, after everything that was committed before it. `maySendLater`: messages may wait. */
function withoutNext(
  heard: readonly HeardEvent[],
  isThere: boolean,
  maySendLater: boolean,
): { events: HeardEvent[]; faults: string[] } {
  const isNext = (event: HeardEvent) => event.type === 'ConversationUpdated' && event.title === NEXT;
  const events = heard.filter((event) => !isNext(event));
  const count = heard.length - events.length;
  if (count !== (isThere ? 1 : 0)) return { events, faults: [`the next operation is heard ${count} times`] };
  const late = isThere ? heard.slice(heard.findIndex(isNext) + 1).map(({ type }) => type) : [];
  const isLate = late.some(
    (type) =>
      (type === 'MessageAdded' && !maySendLater) ||
      type === 'ConversationEnded' ||
      type === 'ConversationUpdated',
  );
  return { events, faults: isLate ? [`heard after the next operation: ${late}`] : [] };
}

/** The events of everything that was committed, in the order of commits. */
function expected({ operation, healer, isDone }: About): string[] {
  const { from, isJob, events } = operation;
  if (isJob && healer === 'next operation') return [...BEFORE[from], ENDED, 'MessageAdded', ...ANSWERED];
  const isSpoken = from === 'begun' || from === 'speaking' || from === 'typing' || isRead(from);
  const spoken = isSpoken ? ['TurnCompleted'] : [];
  if (from === 'queued' && !isDone) return [...BEFORE[from], 'TurnCompleted', ...SENT_AFTER];
  return [...BEFORE[from], ...(isDone ? events : spoken)];
}
