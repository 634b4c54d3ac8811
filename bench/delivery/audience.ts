import { setTimeout as delay } from 'node:timers/promises';
import type { Contender, SpokenConversation } from './contender.ts';
import { Listener } from './listener.ts';

/** Time within which published tokens must be heard, in milliseconds: for what is lost, not for what is slow. */
const HEARD_WITHIN_MS = 60_000;

/** Time until a listener that was refused tries again, in milliseconds. */
const RETRY_MS = 500;
/** How many listeners connect at once. */
const AT_ONCE = 20;

/** Listeners of conversations that a server delivers, and what they heard. */
export class Audience {
  readonly listeners: Listener[] = [];
  readonly conversations: readonly SpokenConversation[];
  /** Tokens heard by all listeners together since `begin`. */
  delivered = 0;
  readonly #contender: Contender;
  readonly #each: number;
  #awaited = Number.POSITIVE_INFINITY;
  #arrived: (() => void) | null = null;
  readonly #faults: string[] = [];
  #refused = 0;
  #isReturning = false;

  /** Connects `each` listeners to each conversation, and resolves when all of them hear it. */
  static async open(contender: Contender, conversations: number, each = 1): Promise<Audience> {
    const audience = new Audience(contender, await contender.open(conversations), each);
    const { url } = contender.process;
    for (const { variables } of audience.conversations)
      for (let i = 0; i < each; i++)
        audience.listeners.push(
          new Listener({
            url,
            variables,
            onTokens: (tokens) => audience.#hear(tokens),
            onFault: (fault) => audience.#faults.push(fault),
            onRefused: (isClosed) => {
              audience.#refused += 1;
              if (isClosed && !audience.#isReturning) audience.#faults.push('the server closed a socket');
            },
          }),
        );
    for (let at = 0; at < audience.listeners.length; at += AT_ONCE)
      await Promise.all(audience.listeners.slice(at, at + AT_ONCE).map((listener) => listener.open()));
    await audience.#warm();
    return audience;
  }

  private constructor(contender: Contender, conversations: readonly SpokenConversation[], each: number) {
    this.#contender = contender;
    this.conversations = conversations;
    this.#each = each;
  }

  get frames(): number {
    return this.listeners.reduce((sum, { frames }) => sum + frames, 0);
  }

  get bytes(): number {
    return this.listeners.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Publishes tokens in each conversation, all in one piece, and resolves when every listener has heard it. */
  async round(tokens = 1): Promise<void> {
    const heard = this.#await(this.listeners.length * tokens);
    await this.#contender.inOnePiece(() => {
      for (let i = 0; i < tokens; i++)
        for (const conversation of this.conversations) void conversation.speak();
    });
    await heard;
  }

  /** Resolves when so many more tokens are heard. */
  #await(tokens: number): Promise<void> {
    this.#awaited = this.delivered + tokens;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        const missing = this.#awaited - this.delivered;
        reject(new Error(`${missing} tokens were lost; ${this.#faults.slice(0, 3).join('; ')}`));
      }, HEARD_WITHIN_MS);
      this.#arrived = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  /** @throws when a listener has not heard every token once, whole and in order */
  check(): void {
    for (const [i, { heard }] of this.listeners.entries()) {
      const sent = this.#sentTo(i);
      if (heard !== sent) this.#faults.push(`listener ${i} heard ${heard} of ${sent} tokens`);
    }
    if (this.#faults.length > 0)
      throw new Error(`${this.#faults.length} faults: ${this.#faults.slice(0, 3).join('; ')}`);
  }

  /**
   * Cuts all listeners, publishes tokens in each conversation, lets all come back at once, and reports after `withinMs` at
   * the latest how many have heard everything, and how many were refused meanwhile.
   */
  async cutAndReturn(tokens: number, withinMs: number): Promise<Returned> {
    for (const listener of this.listeners) listener.cut();
    await this.#contender.inOnePiece(() => {
      for (let i = 0; i < tokens; i++)
        for (const conversation of this.conversations) void conversation.speak();
    });
    const begun = performance.now();
    const isOver = () => performance.now() - begun > withinMs;
    this.#isReturning = true;
    this.#refused = 0;
    const back = async (listener: Listener) => {
      while (!isOver()) {
        try {
          return await listener.open();
        } catch {
          this.#refused += 1;
          await delay(RETRY_MS);
        }
      }
    };
    const caughtUp = () => this.listeners.filter(({ heard }, i) => heard === this.#sentTo(i)).length;
    const returning = Promise.all(this.listeners.map(back));
    while (!isOver() && caughtUp() < this.listeners.length) await delay(20);
    const returned = { caughtUp: caughtUp(), refused: this.#refused, tookMs: performance.now() - begun };
    await Promise.race([returning, delay(withinMs)]);
    if (this.#faults.length > 0) throw new Error(this.#faults.slice(0, 3).join('; '));
    return returned;
  }

  async close(): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.close()));
  }

  /** Where nothing is replayed, a listener hears what is published once the server follows: nothing says when that is. */
  async #warm(): Promise<void> {
    const late = performance.now() + HEARD_WITHIN_MS;
    const isOver = () => this.#faults.length > 0 || performance.now() > late;
    while (!isOver() && this.listeners.some(({ heard }) => heard === 0)) {
      // With a cursor it is replayed: more would only be work.
      const unheard = this.conversations.filter(
        ({ sent, variables }) => sent === 0 || variables.after === null,
      );
      await Promise.all(unheard.map((conversation) => conversation.speak()));
      await delay(100);
    }
    const isComplete = () => this.listeners.every(({ heard }, i) => heard === this.#sentTo(i));
    while (!isOver() && !isComplete()) await delay(20);
    this.check();
  }

  /** How many tokens were published to a listener. */
  #sentTo(listener: number): number {
    return this.conversations[Math.floor(listener / this.#each)]?.sent ?? 0;
  }

  #hear(tokens: number): void {
    this.delivered += tokens;
    if (this.delivered < this.#awaited) return;
    this.#awaited = Number.POSITIVE_INFINITY;
    this.#arrived?.();
    this.#arrived = null;
  }
}

interface Returned {
  /** Listeners that have heard every token. */
  caughtUp: number;
  /** Connections and subscriptions that the server refused. */
  refused: number;
  tookMs: number;
}
