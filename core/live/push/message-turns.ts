/** How many messages are handled in one turn of the event loop. */
const PER_TURN = 200;
/** For how long, in milliseconds: a message can be for hundreds of listeners. */
const MS_PER_TURN = 8;
/** While so many wait, no more are read; until half of them are handled. */
const MOST_WAITING = 2_000;

type Handle = (channel: string, message: string) => void;

/**
 * Handles messages in their order: at once, but not so many in one turn of the event loop that others would have to wait. Those
 * that wait are few: then the source is paused, and the rest waits in the network.
 */
export class MessageTurns {
  readonly #handle: Handle;
  readonly #source: { pause(): void; resume(): void };
  #waiting: [channel: string, message: string][] = [];
  /** Of `#waiting`, how many are handled. */
  #at = 0;
  /** How many were handled in this turn, since when. */
  #inTurn = 0;
  #begun = 0;
  #isTurnAsked = false;
  #isPaused = false;
  readonly #next = () => this.#turn();

  constructor(handle: Handle, source: { pause(): void; resume(): void }) {
    this.#handle = handle;
    this.#source = source;
  }

  add(channel: string, message: string): void {
    if (!this.#isTurnAsked) this.#begin();
    if (this.#waiting.length === 0 && this.#hasTime) return this.#handleOne(channel, message);
    this.#waiting.push([channel, message]);
    if (this.#isPaused || this.#waiting.length - this.#at <= MOST_WAITING) return;
    this.#isPaused = true;
    this.#source.pause();
  }

  /** Drops those that wait. */
  stop(): void {
    this.#waiting = [];
    this.#at = 0;
  }

  /** Of what is handled until the next turn. */
  #begin(): void {
    this.#inTurn = 0;
    this.#begun = performance.now();
    this.#isTurnAsked = true;
    setImmediate(this.#next);
  }

  #turn(): void {
    this.#isTurnAsked = false;
    if (this.#waiting.length === 0) return;
    this.#begin();
    do {
      const [channel, message] = this.#waiting[this.#at++] ?? [];
      if (channel !== undefined && message !== undefined) this.#handleOne(channel, message);
    } while (this.#at < this.#waiting.length && this.#hasTime);
    if (this.#at >= this.#waiting.length) this.stop();
    if (this.#isPaused && this.#waiting.length - this.#at < MOST_WAITING / 2) {
      this.#isPaused = false;
      this.#source.resume();
    }
  }

  get #hasTime(): boolean {
    return this.#inTurn < PER_TURN && performance.now() - this.#begun < MS_PER_TURN;
  }

  #handleOne(channel: string, message: string): void {
    this.#inTurn += 1;
    this.#handle(channel, message);
  }
}
