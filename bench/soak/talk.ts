import { setTimeout as delay } from 'node:timers/promises';
import type { FaithfulListener } from '../../test/faults/faithful-listener.ts';
import { count, type Platform } from '../../test/faults/platform.ts';
import type { Data } from '../../test/support/harness.ts';
import { CANCEL } from '../../test/support/operations.ts';
import type { SeededRandom } from '../../test/support/seeded-random.ts';
import { outcomeOf } from './refusals.ts';

/** An accepted message, and the beginning of its answer. */
interface Accepted {
  text: string;
  turnId: string;
  whole: string;
  /**
   * Whether the user cut its answer off with a cancel or another message, or may have, if the server died before it
   * replied: then the answer may be empty.
   */
  isCutOff: boolean;
  /** Whether a call that would have cut its answer off was refused: then the answer must not be cut off. */
  isRefusedToCut: boolean;
  /** Whether it is known to have failed, which counts as an answer. */
  hasFailed: boolean;
}

/** An answer that ended in an error. */
export interface Failure {
  /** The text of the message. */
  text: string;
  /** A ModelErrorCode. */
  code: string;
}

export interface Verdict {
  messages: number;
  /** Those whose answer ended in an error. */
  failures: Failure[];
  /** The number of refused calls. */
  refused: number;
  /** The effects of refused calls. */
  acts: string[];
  /** The number of stored words, which equal the heard ones. */
  tokens: number;
  lost: string[];
  repeated: string[];
}

/** A conversation is read again after this silence of its turn, in milliseconds. */
const SILENCE_MS = 2_000;

/**
 * A turn counts as lost after this silence, in milliseconds: the longest fault, plus the longest time that the platform may
 * take to recover from one.
 */
const LOST_AFTER_MS = 20_000 + 30_000;

/** One conversation under load: it sends, waits, interrupts, cancels, listens with a second device, and records outcomes. */
export class Talk {
  readonly #platform: Platform;
  readonly #random: Pick<SeededRandom, 'next' | 'between'>;
  readonly #name: string;
  readonly #accepted: Accepted[] = [];
  readonly #listeners: FaithfulListener[] = [];
  /** Texts that must not be in the conversation, with the beginning of an answer to each. */
  readonly #refusedTexts = new Map<string, string>();
  #refused = 0;
  #id = '';
  #sent = 0;
  /** The turn that may still run. */
  open: string | null = null;

  constructor(platform: Platform, random: Pick<SeededRandom, 'next' | 'between'>, name: string) {
    this.#platform = platform;
    this.#random = random;
    this.#name = name;
  }

  async start(): Promise<void> {
    const { id, listener } = await this.#platform.conversation();
    this.#id = id;
    this.#listeners.push(listener);
  }

  /** Sends one message, and then acts like a user. */
  async step(): Promise<void> {
    const length = this.#random.between(60, 500);
    this.#sent += 1;
    const name = `${this.#name}.${this.#sent}`;
    const text = `Count ${name} to ${length}`;
    const sent = await this.#platform.send(this.#id, text).catch(() => null);
    const outcome = outcomeOf(sent);
    if (this.open) this.#cutOff(outcome);
    if (outcome === 'refused') await this.#wasRefused(text, count(name, 1));
    if (outcome !== 'accepted' || !sent) return void (await delay(200));
    const whole = count(name, length);
    const { turnId } = sent;
    const answer = { text, turnId, whole, isCutOff: false, isRefusedToCut: false, hasFailed: false };
    this.#accepted.push(answer);
    this.open = turnId;
    const whim = this.#random.next();
    if (whim < 0.15) return void (await delay(this.#random.between(0, 1_500)));
    if (whim < 0.25) {
      await delay(this.#random.between(0, 1_500));
      const cancelled = await this.#platform
        .request(CANCEL, { input: { conversationId: this.#id } })
        .catch(() => null);
      const cancelling = outcomeOf(cancelled?.data?.cancelTurn);
      if (cancelling === 'refused') this.#refused += 1;
      this.#cutOff(cancelling);
    } else if (whim < 0.35) this.#listeners[0]?.reconnect();
    else if (whim < 0.4 && this.#listeners.length < 3)
      this.#listeners.push(this.#platform.listenAlso(this.#id, this.#listeners[0] as FaithfulListener));
    await this.over(turnId);
  }

  /** Waits for the end of the answer that the refused call would have cut off: a further message could cut it off. */
  async #wasRefused(text: string, beginning: string): Promise<void> {
    this.#refused += 1;
    this.#refusedTexts.set(text, beginning);
    if (this.open) await this.over(this.open);
  }

  /** Records the effect of a call on the answer to the last accepted message. */
  #cutOff(outcome: ReturnType<typeof outcomeOf>): void {
    if (!this.#last) return;
    if (outcome === 'refused') this.#last.isRefusedToCut = true;
    else this.#last.isCutOff = true;
  }

  /** Resolves when the turn's end was heard, when it has ended unheard, or when it counts as lost. */
  async over(turnId: string): Promise<void> {
    const [listener] = this.#listeners;
    const since = performance.now();
    let silentSince = since;
    let heard = listener?.count;
    while (!listener?.endings.has(turnId)) {
      await delay(50);
      if (heard !== listener?.count) silentSince = performance.now();
      heard = listener?.count;
      if (performance.now() - silentSince > SILENCE_MS) {
        if ((await this.#isSettled(turnId)) || performance.now() - since > LOST_AFTER_MS) break;
        silentSince = performance.now();
      }
    }
    this.open = null;
    for (const each of this.#listeners) each.clear();
  }

  /** Resolves when more than `events` events were heard, or when no turn is open. */
  async goesOnSince(events: number): Promise<void> {
    while (this.open && this.events === events) {
      await delay(25);
      if (await this.#isSettled(this.open)) return;
    }
  }

  get events(): number {
    return this.#listeners[0]?.count ?? 0;
  }

  get #last(): Accepted | undefined {
    return this.#accepted.at(-1);
  }

  async #isSettled(turnId: string): Promise<boolean> {
    const read = await this.#platform.look(this.#id).catch(() => null);
    if (read === null) return false;
    const accepted = this.#accepted.find((each) => each.turnId === turnId);
    if (accepted && read.failedTurnId === turnId) accepted.hasFailed = true;
    const isGivenUp = accepted?.isCutOff === true && read.turnId !== turnId;
    return isGivenUp || accepted?.hasFailed === true || read.messages.some(({ id }) => id === turnId);
  }

  /** Compares the accepted, the heard and the stored text. */
  async check(): Promise<Verdict> {
    const messages = this.#accepted.length;
    const refused = this.#refused;
    const verdict: Verdict = { messages, failures: [], refused, acts: [], tokens: 0, lost: [], repeated: [] };
    const stored = await this.#platform.allMessages(this.#id);
    const byId = new Map(stored.map((message) => [message.id, message]));
    for (const [text, beginning] of this.#refusedTexts) {
      if (stored.some(({ content }) => content === text)) verdict.acts.push(`${text}: refused, and stored`);
      if (stored.some(({ content }) => content.startsWith(beginning)))
        verdict.acts.push(`${text}: refused, and answered`);
    }
    const codes = new Map(stored.flatMap(({ failure }) => (failure ? [[failure.turnId, failure.code]] : [])));
    for (const accepted of this.#accepted) {
      const { text, turnId } = accepted;
      const code = codes.get(turnId) ?? this.#listeners[0]?.endings.get(turnId)?.code;
      if (code) verdict.failures.push({ text, code });
      else if (accepted.hasFailed) verdict.failures.push({ text, code: 'not known' });
      const asked = stored.filter(({ content }) => content === text).length;
      if (asked === 0) verdict.lost.push(`${text}: not stored`);
      if (asked > 1) verdict.repeated.push(`${text}: stored ${asked} times`);
      this.#judge(accepted, byId.get(turnId), this.#listeners[0]?.endings.get(turnId), verdict);
    }
    for (const { faults } of this.#listeners) {
      verdict.lost.push(...faults.filter((fault) => !fault.startsWith('heard twice')));
      verdict.repeated.push(...faults.filter((fault) => fault.startsWith('heard twice')));
    }
    return verdict;
  }

  #judge(accepted: Accepted, answer: Data, ending: Data, verdict: Verdict): void {
    const { text, whole, isCutOff, isRefusedToCut } = accepted;
    const hasFailed = verdict.failures.some((failure) => failure.text === text);
    if (!answer) {
      // An answer that was cut off before its first word is not stored.
      if (!isCutOff && !hasFailed && isRefusedToCut)
        verdict.acts.push(`${text}: stopped before its first word by a call that was refused`);
      else if (!isCutOff && !hasFailed) verdict.lost.push(`${text}: no answer, no error`);
      return;
    }
    if (answer.status === 'INTERRUPTED' && !isCutOff && !hasFailed) {
      if (isRefusedToCut) verdict.acts.push(`${text}: cut off by a call that was refused`);
      else verdict.lost.push(`${text}: cut off without a reason`);
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
