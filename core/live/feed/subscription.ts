import type { Readable } from '../../async/waiting.ts';
import { StoreUnavailableError } from '../../domain/errors.ts';
import { type BufferBounds, coalesce, EventBuffer } from './event-buffer.ts';
import type { FeedEvent, HeardEvent, Position } from './events.ts';
import type { ListenOptions, OpenTurn } from './feed.ts';

/** The part of a log that a subscription needs. */
export interface FeedLog {
  /**
   * Attaches to the live push and resolves once it is active. The push is a hint: it may repeat or omit events. Null means
   * "read again", as after a lost connection.
   */
  attach(conversationId: string, listener: LiveListener): Promise<Detach>;
  /** The retained events after a position, in one consistent read. */
  read(conversationId: string, after: Position | null): Promise<FeedTail>;
}

export type LiveListener = (push: FeedEvent | null | 'removed') => void;
export type Detach = () => void;

export interface FeedTail extends Position {
  /** False when the requested position is of another epoch, older than the retained events, or not reached yet. */
  retained: boolean;
  /** Empty unless `retained`. */
  events: readonly FeedEvent[];
  turn: OpenTurn | null;
}

export interface SubscriptionOptions extends ListenOptions {
  bounds: BufferBounds;
  /** Unix milliseconds; the time of a FeedReset. */
  now: () => number;
}

/**
 * Follows a log: attaches to the push, then reads from the cursor, then delivers pushed events that are new. After a gap in
 * the sequence, or a change of the epoch, it reads again.
 */
export function followFeed(
  log: FeedLog,
  conversationId: string,
  options: SubscriptionOptions,
): Readable<HeardEvent> {
  return new Follower(log, conversationId, options).buffer;
}

/** Time between two reads while the store is unavailable, in milliseconds; with jitter up to twice that. */
const RETRY_MS = 250;

class Follower {
  readonly buffer: EventBuffer;
  readonly #log: FeedLog;
  readonly #conversationId: string;
  readonly #options: SubscriptionOptions;
  /** The last position that was delivered; null until the first read. */
  #position: Position | null = null;
  #reading = false;
  #readAgain = false;
  /** The newest push that arrived during a read. */
  #missed: FeedEvent | null = null;
  #later: NodeJS.Timeout | undefined;
  #detach: Detach | null = null;

  constructor(log: FeedLog, conversationId: string, options: SubscriptionOptions) {
    this.#log = log;
    this.#conversationId = conversationId;
    this.#options = options;
    this.buffer = new EventBuffer(options.bounds, () => {
      this.#detach?.();
      clearTimeout(this.#later);
      options.onEnd?.();
    });
    void this.#start();
  }

  async #start(): Promise<void> {
    try {
      const detach = await this.#log.attach(this.#conversationId, (push) => this.#onPush(push));
      if (this.buffer.ended) return detach();
      this.#detach = detach;
      await this.#catchUp();
    } catch (error) {
      this.buffer.end(asError(error));
    }
  }

  #onPush(push: FeedEvent | null | 'removed'): void {
    if (push === 'removed') return this.buffer.end();
    if (push && this.#reading) {
      this.#missed = push;
      return;
    }
    const position = this.#position;
    if (push && position && push.epoch === position.epoch) {
      if (push.seq <= position.seq) return;
      if (push.seq === position.seq + 1) return this.#hand(push);
    }
    void this.#catchUp();
  }

  /** Reads until nothing was pushed meanwhile. One read at a time. */
  async #catchUp(): Promise<void> {
    this.#readAgain = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#readAgain && !this.buffer.ended) {
        this.#readAgain = false;
        const after = this.#position ?? this.#options.after ?? null;
        this.#handTail(await this.#log.read(this.#conversationId, after), after);
        if (this.#missed && isBeyond(this.#missed, this.#position)) this.#readAgain = true;
        this.#missed = null;
      }
    } catch (error) {
      // The first read reports its error to the caller. Later reads are retried until the store is back.
      if (this.#position && error instanceof StoreUnavailableError) this.#readLater();
      else this.buffer.end(asError(error));
    } finally {
      this.#reading = false;
    }
  }

  #readLater(): void {
    if (this.buffer.ended) return;
    clearTimeout(this.#later);
    this.#later = setTimeout(() => void this.#catchUp(), RETRY_MS * (1 + Math.random()));
  }

  #handTail(tail: FeedTail, after: Position | null): void {
    if (after && tail.retained) this.buffer.replay(coalesce(tail.events));
    else {
      const reset = after ? [this.#resetTo(tail)] : [];
      this.buffer.replay([...reset, ...(tail.turn ? replayTurn(tail.turn, tail) : [])]);
    }
    this.#position = { epoch: tail.epoch, seq: tail.seq };
  }

  #hand(event: FeedEvent): void {
    this.#position = event;
    this.buffer.push(event);
  }

  /** Its cursor is before the open turn, so that a listener that resumes after the reset still receives the turn's start. */
  #resetTo(tail: FeedTail): HeardEvent {
    const seq = tail.turn ? tail.turn.startSeq - 1 : tail.seq;
    return { type: 'FeedReset', epoch: tail.epoch, seq, at: this.#options.now() };
  }
}

/** A replay of the open turn from its start. Its last event is at the newest position. */
function replayTurn(turn: OpenTurn, newest: Position): FeedEvent[] {
  const { id: turnId, epoch, cause, model, fallback, text, tokens, startSeq, startedAt: at } = turn;
  const started: FeedEvent = {
    type: 'TurnStarted',
    turnId,
    cause,
    model,
    ...(fallback && { fallback }),
    epoch,
    seq: startSeq,
    at,
  };
  if (text === '') return [started];
  return [started, { type: 'TurnTextAdded', turnId, text, offset: 0, tokens, epoch, seq: newest.seq, at }];
}

function isBeyond(event: FeedEvent, position: Position | null): boolean {
  return event.epoch !== position?.epoch || event.seq > position.seq;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
