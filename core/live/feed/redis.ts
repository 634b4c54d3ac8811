import { randomBytes } from 'node:crypto';
import { wait } from '../../async/wait.ts';
import type { Readable } from '../../async/waiting.ts';
import { StoreUnavailableError } from '../../domain/errors.ts';
import type { ModelFallback, TurnCause } from '../../domain/vocabulary.ts';
import type { RedisClient } from '../../redis/connect.ts';
import type { ServerRun } from '../../redis/run.ts';
import type { LivePush } from '../push/live-push.ts';
import { type BufferBounds, DEFAULT_BOUNDS } from './event-buffer.ts';
import type { FeedEvent, HeardEvent, LooseEventBody, Position } from './events.ts';
import {
  type Advanced,
  type AdvanceTarget,
  DEFAULT_RETENTION,
  type Feed,
  type FeedEntry,
  type FeedRetention,
  type FeedState,
  type FinishOutcome,
  type HeldEnding,
  type HeldTurn,
  type ListenOptions,
  type NewTurn,
  type OpenTurn,
  type SpeakOutcome,
  type ThinkOutcome,
  type TurnEnding,
  type TurnRef,
  type TurnWatcher,
} from './feed.ts';
import { onReconciled, type Reconcile, reconcileAlone, type UNRECONCILED } from './reconciled.ts';
import { feedKeys } from './redis-keys.ts';
import { FAST_FORWARDED, FEED_SCRIPTS, ROW_CHANGED } from './redis-scripts.ts';
import { type Detach, type FeedLog, type FeedTail, followFeed, type LiveListener } from './subscription.ts';

export interface RedisFeedOptions {
  /** Runs the steps. Its owner closes it. It should be failFast: reject commands at once while it is not connected. */
  redis: RedisClient;
  /** Delivers published events. Its owner stops it. */
  push: LivePush;
  /** Prefix of every key. */
  prefix?: string;
  retention?: Partial<FeedRetention>;
  bounds?: Partial<BufferBounds>;
  /** The run id of the server that `redis` is connected to. A change means that the newest writes may be lost. */
  run: ServerRun;
  /** Applies the conversation's row to a feed that Redis has lost. Default: there is no row. */
  reconcile?: Reconcile | undefined;
  /** The time of a FeedReset, in Unix milliseconds: Redis's. Default: this machine's. */
  now?: () => number;
}

type Script = keyof typeof FEED_SCRIPTS;
/** The steps that may begin an epoch, for which they are given an id. */
const BEGINS_EPOCHS: ReadonlySet<Script> = new Set(['feedAdvance', 'feedBegin', 'feedRemove']);
type Scripted = RedisClient &
  Record<Script, (keys: number, ...args: (string | number)[]) => Promise<unknown>>;

/** Time between two looks at a turn that may be lost, while Redis is unavailable, in milliseconds. */
const LOOK_AGAIN_MS = 250;

/** The state as a script returns it: epoch, seq, then the fields of the held turn, if there is one. */
type StateReply = [
  string,
  number,
  ...([] | [string, number, TurnCause, string, string, number, number, number, string, string, 0 | 1]),
];

/** {@link Feed} between processes, on Redis: a stream and a few small keys per conversation, one script per step. */
export class RedisFeed implements Feed, FeedLog {
  readonly #redis: Scripted;
  readonly #push: LivePush;
  readonly #prefix: string;
  readonly #retention: FeedRetention;
  readonly #bounds: BufferBounds;
  readonly #now: () => number;
  readonly #run: RedisFeedOptions['run'];
  readonly #reconcile: Reconcile;
  readonly #following = new Set<() => void>();

  constructor(options: RedisFeedOptions) {
    for (const [name, lua] of Object.entries(FEED_SCRIPTS)) {
      options.redis.defineCommand(name, { numberOfKeys: 5, lua });
    }
    this.#redis = options.redis as Scripted;
    this.#push = options.push;
    this.#prefix = options.prefix ?? 'taskflow';
    this.#retention = { ...DEFAULT_RETENTION, ...options.retention };
    this.#bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
    this.#now = options.now ?? Date.now;
    this.#run = options.run;
    this.#reconcile = options.reconcile ?? ((conversationId) => reconcileAlone(this, conversationId));
  }

  async advance(conversationId: string, target: AdvanceTarget): Promise<Advanced> {
    const { pending, last, published: known = 0, over, entries, drops = '' } = target;
    const { reconciles, opens = true } = target;
    const reply = (await this.#step('feedAdvance', conversationId, [
      ...pendingArguments(pending),
      last ?? '',
      known,
      reconciles ?? '',
      opens ? 1 : 0,
      drops,
      over.length,
      ...over,
      ...entries.flatMap(entryArguments),
    ])) as [number, number, string, ...StateReply] | null;
    if (reply === null) return { gone: true };
    const [before, published, unreconciled, ...state] = reply;
    const turn = turnFrom(state as StateReply);
    return { gone: false, turn, before, published, unreconciled: unreconciled || null };
  }

  async begin(conversationId: string): Promise<void> {
    await this.#step('feedBegin', conversationId, []);
  }

  async claim(
    conversationId: string,
    turnId: string,
    from?: Pick<TurnRef, 'epoch' | 'fencingToken'>,
  ): Promise<OpenTurn | null> {
    const was = from ? [from.epoch, from.fencingToken] : ['', ''];
    const reply = await this.#stepReconciled<StateReply | null>('feedClaim', conversationId, [
      turnId,
      ...was,
    ]);
    return reply && openFrom(reply);
  }

  async speak(conversationId: string, turn: TurnRef, text: string, tokens: number): Promise<SpeakOutcome> {
    const { id, epoch, fencingToken } = turn;
    const spoken = spokenArguments(text, tokens);
    return (await this.#step('feedSpeak', conversationId, [
      id,
      epoch,
      fencingToken,
      ...spoken,
    ])) as SpeakOutcome;
  }

  async think(conversationId: string, turn: TurnRef, seconds: number): Promise<ThinkOutcome> {
    const { id, epoch, fencingToken } = turn;
    const thinking = JSON.stringify({ type: 'TurnThinking', turnId: id, seconds });
    return (await this.#step('feedThink', conversationId, [
      id,
      epoch,
      fencingToken,
      thinking,
    ])) as ThinkOutcome;
  }

  async finish(conversationId: string, turn: TurnRef, ending: TurnEnding): Promise<FinishOutcome> {
    const { id, epoch, fencingToken } = turn;
    const args = [id, epoch, fencingToken, JSON.stringify(ending)];
    return (await this.#step('feedFinish', conversationId, args)) as FinishOutcome;
  }

  async fastForward(conversationId: string, turnId: string): Promise<void> {
    await this.#stepReconciled('feedFastForward', conversationId, [turnId]);
  }

  async notifySpeaker(conversationId: string, turnId: string): Promise<void> {
    await this.#step('feedNotifySpeaker', conversationId, [turnId]);
  }

  async append(conversationId: string, events: readonly LooseEventBody[]): Promise<Position> {
    const bodies = events.map((event) => JSON.stringify(event));
    const [epoch, seq] = await this.#stepReconciled<[string, number]>('feedAppend', conversationId, bodies);
    return { epoch, seq };
  }

  async state(conversationId: string): Promise<FeedState> {
    const reply = await this.#stepReconciled<StateReply>('feedState', conversationId, []);
    return { epoch: reply[0], seq: reply[1], turn: turnFrom(reply) };
  }

  subscribe(conversationId: string, options: ListenOptions = {}): Readable<HeardEvent> {
    return followFeed(this, conversationId, { ...options, bounds: this.#bounds, now: this.#now });
  }

  async watchTurn(
    conversationId: string,
    turnId: string,
    { onFenced, onLost, onFastForward, onRowChanged }: TurnWatcher,
  ): Promise<() => void> {
    const over = new AbortController();
    const notifyFenced = () => {
      if (!over.signal.aborted) onFenced();
      over.abort();
    };
    const notifyFastForwarded = () => {
      if (!over.signal.aborted) onFastForward?.();
    };
    const look = async () => {
      const { turn } = await this.state(conversationId);
      if (turn?.id === turnId && !turn.ending) return turn.isFastForwarded && notifyFastForwarded();
      if ((await this.#step('feedIsClosed', conversationId, [turnId])) === 1) notifyFenced();
      else if (!over.signal.aborted) onLost();
    };
    const lookUntilSeen = async () => {
      // The subscriber's connection may be back before the one for commands.
      while (!over.signal.aborted) {
        try {
          return await look();
        } catch (error) {
          if (!(error instanceof StoreUnavailableError)) throw error;
          await wait(LOOK_AGAIN_MS, over.signal);
        }
      }
    };
    const { fence } = feedKeys(this.#prefix, conversationId);
    const detach = await this.#push.attach(fence, (ended) => {
      if (ended === turnId) notifyFenced();
      else if (ended === FAST_FORWARDED + turnId) notifyFastForwarded();
      else if (ended === ROW_CHANGED + turnId) onRowChanged?.();
      else if (ended === null) lookUntilSeen().catch(() => {});
    });
    const unwatch = () => {
      over.abort();
      detach();
    };
    try {
      await look();
    } catch (error) {
      unwatch();
      throw error;
    }
    return unwatch;
  }

  async remove(conversationId: string): Promise<void> {
    await this.#step('feedRemove', conversationId, []);
  }

  async stop(): Promise<void> {
    for (const end of [...this.#following]) end();
  }

  async attach(conversationId: string, listener: LiveListener): Promise<Detach> {
    const { live } = feedKeys(this.#prefix, conversationId);
    const detach = await this.#push.attach(live, (push) => listener(push as FeedEvent | null | 'removed'));
    const end = () => listener('removed');
    this.#following.add(end);
    return () => {
      this.#following.delete(end);
      detach();
    };
  }

  async read(conversationId: string, after: Position | null): Promise<FeedTail> {
    const from = [after?.epoch ?? '', after?.seq ?? ''];
    type Reply = [StateReply, 0 | 1, string[]?];
    const [state, retained, events = []] = await this.#stepReconciled<Reply>(
      'feedRead',
      conversationId,
      from,
    );
    return {
      epoch: state[0],
      seq: state[1],
      retained: retained === 1,
      events: events.map((event) => JSON.parse(event) as FeedEvent),
      turn: openFrom(state),
    };
  }

  #stepReconciled<T>(script: Script, conversationId: string, args: (string | number)[]): Promise<T> {
    const step = () => this.#step(script, conversationId, args) as Promise<T | typeof UNRECONCILED>;
    const waiting = script === 'feedRead' ? 'listener' : 'call';
    return onReconciled(step, () => this.#reconcile(conversationId, waiting));
  }

  async #step(script: Script, conversationId: string, args: (string | number)[]): Promise<unknown> {
    const { meta, text, log, live, fence } = feedKeys(this.#prefix, conversationId);
    const { events, bytes, ageMs } = this.#retention;
    const epoch = BEGINS_EPOCHS.has(script) ? randomBytes(9).toString('base64url') : '';
    const { current } = this.#run;
    const run = typeof current === 'string' ? current : await current;
    return this.#redis[script](
      meta as never,
      text,
      log,
      live,
      fence,
      epoch,
      events,
      bytes,
      ageMs,
      run,
      ...args,
    );
  }
}

/** Text as arguments of a script: as it is appended, as JSON, its length in UTF-16 code units, its tokens. */
function spokenArguments(text: string, tokens: number): (string | number)[] {
  return [text, JSON.stringify(text), text.length, tokens];
}

/** The pending turn as arguments of a script. */
function pendingArguments(pending: NewTurn | null): (string | number)[] {
  if (!pending) return ['', '', '', '', '', '', '', 0, 0];
  const { id, cause, model, fallback, spoken = { text: '', tokens: 0 } } = pending;
  const started = JSON.stringify({ type: 'TurnStarted', turnId: id, cause, model, fallback });
  const why = fallback ? JSON.stringify(fallback) : '';
  return [id, cause, model, started, why, ...spokenArguments(spoken.text, spoken.tokens)];
}

/** An outbox entry as arguments of a script. */
function entryArguments({ n, events, ends, isQuiet, resets }: FeedEntry): (string | number)[] {
  if (resets) return [n, '', 0, -2];
  if (events === null) return [n, '', 0, -1];
  return [n, ends ?? '', isQuiet ? 1 : 0, events.length, ...events.map((event) => JSON.stringify(event))];
}

function openFrom(reply: StateReply): OpenTurn | null {
  const turn = turnFrom(reply);
  if (!turn) return null;
  const { ending: _ending, ...open } = turn;
  return open;
}

function turnFrom(reply: StateReply): HeldTurn | null {
  const [
    epoch,
    ,
    id,
    fencingToken,
    cause,
    model,
    fallback,
    tokens,
    startSeq,
    startedAt,
    text,
    ending,
    hurried,
  ] = reply;
  if (id === undefined || cause === undefined || model === undefined) return null;
  return {
    id,
    epoch,
    fencingToken: fencingToken ?? 0,
    cause,
    model,
    ...(fallback && { fallback: JSON.parse(fallback) as ModelFallback }),
    text: text ?? '',
    tokens: tokens ?? 0,
    startSeq: startSeq ?? 0,
    startedAt: startedAt ?? 0,
    ...(hurried === 1 && { isFastForwarded: true as const }),
    ending: ending ? (JSON.parse(ending) as HeldEnding) : null,
  };
}
