import { setTimeout as delay } from 'node:timers/promises';
import type { FaithfulListener } from '../../test/faults/faithful-listener.ts';
import { count, type Platform } from '../../test/faults/platform.ts';
import type { Data } from '../../test/harness.ts';
import { CANCEL } from '../../test/operations.ts';
import type { Random } from './random.ts';

/** A message that was accepted, and what its answer must begin like. */
interface Accepted {
  text: string;
  turnId: string;
  whole: string;
}

export interface Verdict {
  messages: number;
  /** Words that were stored as heard. */
  tokens: number;
  lost: string[];
  repeated: string[];
}

/** How long a turn may give no sign before its conversation is read again, in milliseconds. */
const SILENCE_MS = 2_000;

/** One conversation under load: it sends, waits, cuts in, cancels, listens with a second device, and keeps account. */
export class Talk {
  readonly #platform: Platform;
  readonly #random: Random;
  readonly #name: string;
  readonly #accepted: Accepted[] = [];
  readonly #listeners: FaithfulListener[] = [];
  #id = '';
  #sent = 0;
  /** The turn that is not known to be over. */
  open: string | null = null;

  constructor(platform: Platform, random: Random, name: string) {
    this.#platform = platform;
    this.#random = random;
    this.#name = name;
  }

  async start(): Promise<void> {
    const { id, listener } = await this.#platform.conversation();
    this.#id = id;
    this.#listeners.push(listener);
  }

  /** Says one thing and does what users do meanwhile. */
  async step(): Promise<void> {
    const length = this.#random.between(60, 500);
    this.#sent += 1;
    const name = `${this.#name}.${this.#sent}`;
    const text = `Count ${name} to ${length}`;
    const sent = await this.#platform.send(this.#id, text).catch(() => null);
    if (sent?.__typename !== 'SendMessageSuccess') return void (await delay(200));
    this.#accepted.push({ text, turnId: sent.turnId, whole: count(name, length) });
    this.open = sent.turnId;
    const whim = this.#random.next();
    if (whim < 0.15) return void (await delay(this.#random.between(0, 1_500)));
    if (whim < 0.25) {
      await delay(this.#random.between(0, 1_500));
      await this.#platform.request(CANCEL, { input: { conversationId: this.#id } }).catch(() => null);
    } else if (whim < 0.35) this.#listeners[0]?.reconnect();
    else if (whim < 0.4 && this.#listeners.length < 3)
      this.#listeners.push(this.#platform.listenAlso(this.#id, this.#listeners[0] as FaithfulListener));
    await this.over(sent.turnId);
  }

  /** Resolves once the turn was heard to end, or is stored, or is not owed any more. */
  async over(turnId: string): Promise<void> {
    const [listener] = this.#listeners;
    let silentSince = performance.now();
    let heard = listener?.events.length;
    while (!listener?.endings.has(turnId)) {
      await delay(50);
      if (heard !== listener?.events.length) silentSince = performance.now();
      heard = listener?.events.length;
      if (performance.now() - silentSince > SILENCE_MS) {
        if (await this.#isSettled(turnId)) break;
        silentSince = performance.now();
      }
    }
    this.open = null;
  }

  /** Whether something was heard since then, or nothing is left to hear. */
  async goesOnSince(events: number): Promise<void> {
    while (this.open && this.events === events) {
      await delay(25);
      if (await this.#isSettled(this.open)) return;
    }
  }

  get events(): number {
    return this.#listeners[0]?.events.length ?? 0;
  }

  async #isSettled(turnId: string): Promise<boolean> {
    const read = await this.#platform.messagesAndTurn(this.#id).catch(() => null);
    return read !== null && (read.messages.some(({ id }) => id === turnId) || read.turnId === null);
  }

  /** Compares what was accepted, what was heard and what is stored. */
  async check(): Promise<Verdict> {
    const verdict: Verdict = { messages: this.#accepted.length, tokens: 0, lost: [], repeated: [] };
    const stored = await this.#platform.allMessages(this.#id);
    const byId = new Map(stored.map((message) => [message.id, message]));
    for (const { text, turnId, whole } of this.#accepted) {
      const asked = stored.filter(({ content }) => content === text).length;
      if (asked === 0) verdict.lost.push(`${text}: not stored`);
      if (asked > 1) verdict.repeated.push(`${text}: stored ${asked} times`);
      this.#judge(text, byId.get(turnId), this.#listeners[0]?.endings.get(turnId), whole, verdict);
    }
    for (const { faults } of this.#listeners) {
      verdict.lost.push(...faults.filter((fault) => !fault.startsWith('heard twice')));
      verdict.repeated.push(...faults.filter((fault) => fault.startsWith('heard twice')));
    }
    return verdict;
  }

  #judge(text: string, answer: Data, ending: Data, whole: string, verdict: Verdict): void {
    if (!answer) {
      // An answer that was cut off before its first word is heard to end and is not stored.
      if (ending && !ending.content) return;
      if (this.#wasSuperseded(text)) return;
      return void verdict.lost.push(`${text}: no answer, no error`);
    }
    verdict.tokens += answer.content.split(' ').length - 1;
    if (!whole.startsWith(answer.content))
      verdict.repeated.push(`${text}: ${difference(whole, answer.content)}`);
    else if (answer.status === 'COMPLETED' && answer.content !== whole)
      verdict.lost.push(`${text}: ${difference(whole, answer.content)}`);
    if (ending?.content !== undefined && ending.content !== answer.content)
      verdict.lost.push(
        `${text}: heard ${ending.content.length} characters, stored ${answer.content.length}`,
      );
  }

  /** The next message cut in before a word was said, while nobody could be told. */
  #wasSuperseded(text: string): boolean {
    const at = this.#accepted.findIndex((accepted) => accepted.text === text);
    return at + 1 < this.#accepted.length;
  }

  async stop(): Promise<void> {
    for (const listener of this.#listeners) await listener.stop();
  }
}

function difference(expected: string, actual: string): string {
  let at = 0;
  while (at < actual.length && actual[at] === expected[at]) at += 1;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 30));
  return `expected ${around(expected)}, stored ${around(actual)}`;
}
