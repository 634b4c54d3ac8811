import cluster from 'node:cluster';
import { NotReadyError, type UnreadyPart } from '../http/readiness.ts';
import type { GroupState, ProcessGroup, ProcessState } from './group.ts';
import { mergeMetrics } from './merge-metrics.ts';
import { type ReadyFacts, type Reply, type ToPrimary, type Topic, toMember } from './messages.ts';

const ARGUMENT = /^--process=(\d+)$/;

/** The argument that makes a process the member of a group with this number. */
export const memberArgument = (number: number): string => `--process=${number}`;

/** The number of this process in its group, from 1; null if no primary has started it. */
export function memberNumber(): number | null {
  const number = process.argv.map((one) => ARGUMENT.exec(one)?.[1]).find(Boolean);
  return cluster.isWorker && number ? Number(number) : null;
}

/**
 * One of the processes that a primary has started. It asks the others through the primary. When the primary is gone, Node ends
 * this process at once.
 */
export class Member implements ProcessGroup {
  readonly number: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly #asking = new Map<number, (replies: Reply[]) => void>();
  #own: ProcessState | null = null;
  #questions = 0;

  constructor(number: number) {
    this.number = number;
    this.labels = { process: `${number}` };
    process.on('message', (message: unknown) => this.#receive(message));
  }

  join(own: ProcessState): GroupState {
    this.#own = own;
    return {
      live: () => this.#check('live'),
      ready: () => this.#check('ready'),
      metrics: async () => mergeMetrics((await this.#ask('metrics')).map(({ metrics }) => metrics)),
    };
  }

  /** Says that this process has started. */
  reportReady(facts: ReadyFacts): void {
    send({ kind: 'ready', facts });
  }

  /** Says why this process cannot start. Resolves when the primary has it, or is gone. */
  reportFailure(line: string): Promise<void> {
    return new Promise((resolve) => send({ kind: 'failed', line }, resolve));
  }

  async #check(topic: 'live' | 'ready'): Promise<void> {
    const unready = new Map<string, UnreadyPart>();
    for (const reply of await this.#ask(topic))
      for (const part of reply.unready) unready.set(`${part.part}: ${part.reason}`, part);
    if (unready.size > 0) throw new NotReadyError([...unready.values()]);
  }

  #ask(topic: Topic): Promise<Reply[]> {
    const id = this.#questions++;
    return new Promise((resolve) => {
      this.#asking.set(id, resolve);
      send({ kind: 'question', id, topic });
    });
  }

  #receive(message: unknown): void {
    const { success, data } = toMember.safeParse(message);
    if (!success) return;
    if (data.kind === 'replies') {
      this.#asking.get(data.id)?.(data.replies);
      this.#asking.delete(data.id);
    } else void this.#reply(data.topic).then((reply) => send({ kind: 'reply', id: data.id, reply }));
  }

  async #reply(topic: Topic): Promise<Reply> {
    try {
      if (topic === 'metrics') return { unready: [], metrics: (await this.#own?.metrics()) ?? '' };
      if (topic === 'ready') await this.#own?.ready();
      return { unready: [], metrics: '' };
    } catch (error) {
      return { unready: error instanceof NotReadyError ? [...error.parts] : UNKNOWN, metrics: '' };
    }
  }
}

/** The reason may contain a secret. */
const UNKNOWN: UnreadyPart[] = [{ part: 'process', reason: 'It cannot do its work.' }];

function send(message: ToPrimary, done: () => void = () => {}): void {
  if (process.send && process.connected) process.send(message, undefined, undefined, () => done());
  else done();
}
