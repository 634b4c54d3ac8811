import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { within } from '../async/within.ts';
import { StartError } from '../domain/start-error.ts';
import type { Log } from '../telemetry/log.ts';
import { backOffMs, HAS_RUN_MS } from './back-off.ts';
import { memberArgument } from './member.ts';
import {
  type ReadyFacts,
  type Reply,
  type ToMember,
  type ToPrimary,
  type Topic,
  toPrimary,
} from './messages.ts';

/** How long a process has to answer a question, in milliseconds: less than the endpoint waits for all of them. */
const REPLY_WITHIN_MS = 1_900;

export interface PrimaryOptions {
  /** The URL of the module that each process runs. */
  entry: string;
  /** How many processes there are, besides this one. */
  count: number;
  log: Log;
  /** Called once, when no process can start: `error` is for the operator. The others have ended, or are ending. */
  onFailure: (error: StartError) => void;
}

/**
 * Runs a group of processes, which share their port, and starts those again that die. It does no other work itself. The processes do
 * not outlive it.
 */
export class Primary {
  readonly #options: PrimaryOptions;
  readonly #members = new Map<number, Member>();
  /** How often each process has ended in a row. */
  readonly #deaths = new Map<number, number>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  #questions = 0;
  #facts: ReadyFacts | null = null;
  /** Whether all have been ready at once. */
  #hasStarted = false;
  #stopped: Promise<void> | null = null;
  #stopping: { unclean: string[]; done: () => void } | null = null;

  constructor(options: PrimaryOptions) {
    this.#options = options;
    process.on('exit', () => this.#signalAll('SIGKILL'));
    for (let number = 1; number <= options.count; number++) this.#start(number);
  }

  /** Stops all processes gracefully. Idempotent. @throws {Error} when one of them has not ended well */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    for (const restart of this.#restarts) clearTimeout(restart);
    const unclean: string[] = [];
    await new Promise<void>((done) => {
      this.#stopping = { unclean, done };
      this.#signalAll('SIGTERM');
      if (this.#members.size === 0) done();
    });
    if (unclean.length > 0) throw new Error(unclean.join('; '));
  }

  #start(number: number): void {
    const { entry, log } = this.#options;
    cluster.setupPrimary({ exec: fileURLToPath(entry), args: [memberArgument(number)] });
    const worker = cluster.fork();
    const member: Member = { number, worker, asked: new Map(), readySince: null, fault: null };
    this.#members.set(number, member);
    log.info({ process: number, pid: worker.process.pid }, 'process started');
    worker.on('message', (message: unknown) => {
      const { success, data } = toPrimary.safeParse(message);
      if (success) this.#receive(member, data);
    });
    worker.on('exit', (code, signal) => {
      const ended = () => this.#ended(member, { code, signal });
      // Its last message may come after its end.
      if (worker.isConnected()) worker.once('disconnect', ended);
      else ended();
    });
    worker.on('error', (err) => log.warn({ err, process: number }, 'process could not be reached'));
  }

  #receive(member: Member, message: ToPrimary): void {
    if (message.kind === 'ready') this.#ready(member, message.facts);
    else if (message.kind === 'failed') member.fault = message.line;
    else if (message.kind === 'reply') member.asked.get(message.id)?.(message.reply);
    else
      void this.#askAll(member, message.topic).then((replies) =>
        send(member.worker, { kind: 'replies', id: message.id, replies }),
      );
  }

  #ready(member: Member, facts: ReadyFacts): void {
    const { count, log } = this.#options;
    member.readySince = performance.now();
    this.#facts = { ...facts, url: facts.url ?? this.#facts?.url };
    const ready = [...this.#members.values()].filter(({ readySince }) => readySince !== null);
    if (this.#hasStarted || ready.length < count) return;
    this.#hasStarted = true;
    log.info({ ...this.#facts, processes: count }, 'ready');
  }

  /** Asks every process that takes work, and the one that asks. */
  #askAll(asker: Member, topic: Topic): Promise<Reply[]> {
    const asked = [...this.#members.values()].filter((one) => one === asker || one.readySince !== null);
    return Promise.all(asked.map((member) => this.#ask(member, topic)));
  }

  #ask({ number, worker, asked }: Member, topic: Topic): Promise<Reply> {
    const id = this.#questions++;
    const reply = new Promise<Reply>((resolve) => {
      asked.set(id, resolve);
      send(worker, { kind: 'question', id, topic });
    });
    return within(REPLY_WITHIN_MS, reply)
      .catch(() => ({
        unready: [{ part: 'process' as const, reason: `Process ${number} does not answer.` }],
        metrics: '',
      }))
      .finally(() => asked.delete(id));
  }

  #ended(member: Member, { code, signal }: HowEnded): void {
    const { number, asked, readySince, fault } = member;
    this.#members.delete(number);
    // It is none of those that take work.
    for (const reply of asked.values()) reply({ unready: [], metrics: '' });
    if (this.#stopping) {
      const isCutShort = readySince === null && signal === 'SIGTERM';
      if (code !== 0 && !isCutShort)
        this.#stopping.unclean.push(`process ${number} ended with ${signal ?? code}`);
      if (this.#members.size === 0) this.#stopping.done();
      return;
    }
    const isLast = fault !== null && this.#members.size === 0;
    if (!this.#hasStarted || isLast) {
      this.#fail(fault ?? `process ${number} ended with ${signal ?? code} before it was ready`);
      return;
    }
    const hasRun = readySince !== null && performance.now() - readySince > HAS_RUN_MS;
    const deaths = hasRun ? 1 : (this.#deaths.get(number) ?? 0) + 1;
    this.#deaths.set(number, deaths);
    const restartInMs = backOffMs(deaths);
    this.#options.log.error(
      { process: number, ...(signal ? { signal } : { code }), ...(fault && { fault }), restartInMs },
      'process ended; it is started again',
    );
    const restart = setTimeout(() => {
      this.#restarts.delete(restart);
      this.#start(number);
    }, restartInMs);
    this.#restarts.add(restart);
  }

  #fail(line: string): void {
    this.stop().then(
      () => this.#options.onFailure(new StartError(line)),
      () => this.#options.onFailure(new StartError(line)),
    );
  }

  #signalAll(signal: NodeJS.Signals): void {
    for (const { worker } of this.#members.values()) worker.process.kill(signal);
  }
}

interface Member {
  readonly number: number;
  readonly worker: Worker;
  /** Questions that it has not answered, by id. */
  readonly asked: Map<number, (reply: Reply) => void>;
  /** When it began to take work, by the monotonic clock; null before. */
  readySince: number | null;
  /** Why it cannot start. */
  fault: string | null;
}

interface HowEnded {
  code: number | null;
  signal: string | null;
}

function send(worker: Worker, message: ToMember): void {
  // One that ends meanwhile needs no answer.
  if (worker.isConnected()) worker.send(message, undefined, undefined, () => {});
}
