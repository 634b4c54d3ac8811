import type { Tracer } from '@opentelemetry/api';
import type { Redact } from '@taskflow/redaction';
import { StoreUnavailableError } from '../core/domain/errors.ts';
import { pickNudge } from '../core/domain/texts.ts';
import type { Pacing, TokenUsage } from '../core/domain/vocabulary.ts';
import type { Feed, OpenTurn, TurnEnding } from '../core/live/feed/feed.ts';
import type { Llm } from '../core/llm/calls/client.ts';
import { classifyLlmError, LlmError } from '../core/llm/errors/errors.ts';
import { withoutOverlap } from '../core/prompt/overlap.ts';
import type { TurnJob } from '../core/queue/jobs.ts';
import { inSpan } from '../core/telemetry/in-span.ts';
import { type Log, withLogFields } from '../core/telemetry/log.ts';
import type { ConversationReads } from '../core/turns/conversation-reads.ts';
import type { Turns } from '../core/turns/turns.ts';
import { untilAvailable } from './available.ts';
import type { Prompter } from './prompting.ts';
import { speak } from './speech.ts';
import { SpokenTurn } from './spoken-turn.ts';
import { Thinking } from './thinking.ts';
import { unquoted } from './unquoted.ts';

export interface TurnSpeakerOptions {
  reads: Pick<ConversationReads, 'find'>;
  feed: Feed;
  turns: Pick<Turns, 'drive'>;
  llm: Llm;
  prompter: Prompter;
  /**
   * What to do with a half-spoken turn when this worker stops: hand it over to another worker, or, where there is
   * none, end it with what was heard.
   */
  onStop: 'hand-over' | 'interrupt';
  /** Of what providers say of their failures, before it is logged. */
  redact: Redact;
  tracer: Tracer;
  log: Log;
  /** Told how long after they were due words had been said, in milliseconds. */
  onSaid?: (lagMs: number) => void;
  /** Milliseconds of a steady clock. */
  now?: () => number;
}

/** The words of a nudge. They follow from its turn, so that another worker can go on with them. */
function nudgeOf(turnId: string): string {
  return pickNudge(() => Number.parseInt(turnId.slice(-6), 16) / 0x1000000);
}

/** The turn is not over, and not for this call to end: its job is to be tried again. */
class HandedOver extends Error {
  override name = 'HandedOver';
}

/** A fault of ours fails the turn at this attempt: each attempt asks the model again. */
const MOST_FAULTS = 5;

type TriedJob = TurnJob & { attempt: number };

/** Nobody has aborted it: what says that it was is the model's server. */
function faultOf(error: unknown): LlmError {
  const { cause } = error instanceof ModelFailed ? error : { cause: error };
  return classifyLlmError(cause) ?? new LlmError('SERVICE_UNAVAILABLE', 'the model has aborted its answer');
}

/** What the call to the model came to: its `cause`. */
class ModelFailed extends Error {
  override name = 'ModelFailed';
}

async function* failingAsModel<T>(answer: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* answer;
  } catch (cause) {
    throw new ModelFailed('the model failed', { cause });
  }
}

/** Speaks turns: one call for each job, from whatever the feed says was spoken already to the turn's one end. */
export class TurnSpeaker {
  readonly #options: TurnSpeakerOptions;

  constructor(options: TurnSpeakerOptions) {
    this.#options = options;
  }

  /**
   * Speaks a turn and stores its answer. Repeating it never says anything twice.
   * Rejects when it is to be tried again, here or by another worker.
   */
  run(job: TurnJob, stop: AbortSignal, attempt = 1): Promise<void> {
    const { conversationId, turnId } = job;
    return withLogFields({ conversationId, turnId }, () => this.#run({ ...job, attempt }, stop));
  }

  async #run(job: TriedJob, stop: AbortSignal): Promise<void> {
    const { conversationId, turnId } = job;
    const { reads, turns, tracer } = this.#options;
    const drive = (own: OpenTurn | null) => untilAvailable(() => turns.drive(conversationId, own), stop);
    const turn = await untilAvailable(() => this.#take(job), stop);
    const look = () => untilAvailable(() => reads.find(conversationId), stop);
    const pending = turn && (await look());
    // A feed that fell back to an earlier moment may hold a turn open that is over.
    const isPending = turn !== null && pending?.pendingTurnId === turnId;
    const own = turn && isPending ? await this.#speak(job, turn, pending.pacing as Pacing, stop) : null;
    await inSpan(tracer, 'store answer', () => drive(own));
    if ((await look())?.pendingTurnId === turnId) throw new HandedOver('it is still pending');
  }

  /** Claims the turn, opened again where the feed has lost it. Null when there is nothing left to say. */
  async #take({ conversationId, turnId }: TurnJob): Promise<OpenTurn | null> {
    const { feed, turns } = this.#options;
    const turn = await feed.claim(conversationId, turnId);
    if (turn) return turn;
    await turns.drive(conversationId);
    return feed.claim(conversationId, turnId);
  }

  /** The turn as it was left, by this speaker or by another that has taken it over or cut it off. */
  async #speak(job: TriedJob, turn: OpenTurn, pacing: Pacing, stop: AbortSignal): Promise<OpenTurn> {
    const { feed, turns, log } = this.#options;
    const { conversationId, turnId } = job;
    const over = new AbortController();
    const end = () => over.abort();
    stop.addEventListener('abort', end, { once: true });
    if (stop.aborted) end();
    let unwatch = () => {};
    const spoken = new SpokenTurn(feed, conversationId, turn, (own) => turns.drive(conversationId, own));
    try {
      const takeUp = () => untilAvailable(() => spoken.takeUp(), over.signal);
      const watcher = {
        onFenced: end,
        onLost: () => void takeUp().then((isOurs) => isOurs || end(), end),
      };
      unwatch = await untilAvailable(() => feed.watchTurn(conversationId, turnId, watcher), stop);
      const ending = await this.#perform(job, spoken, pacing, over.signal);
      const isEnded = ending !== null && (await untilAvailable(() => spoken.finish(ending), stop));
      if (!ending && stop.aborted) await this.#leave(spoken);
      const { cause, model, tokens } = spoken.turn;
      log.info({ ending: isEnded ? ending.type : null, cause, model, spoken: tokens }, 'a turn was spoken');
      return spoken.turn;
    } catch (error) {
      if (!(error instanceof HandedOver)) log.error({ err: error }, 'the turn failed');
      throw error;
    } finally {
      unwatch();
      stop.removeEventListener('abort', end);
      over.abort();
    }
  }

  /** Asks the model and speaks its answer. Null when the turn was cut off. */
  async #perform(
    job: TriedJob,
    spoken: SpokenTurn,
    pacing: Pacing,
    signal: AbortSignal,
  ): Promise<TurnEnding | null> {
    const { llm, prompter, redact, log, onSaid, now = () => performance.now() } = this.#options;
    let usage: TokenUsage | null = null;
    let isTruncated = false;
    const thinking = new Thinking({
      now,
      publish: (seconds) => spoken.think(seconds),
      onFault: (err) => log.debug({ err }, 'TurnThinking was not published'),
    });
    const asksModel = spoken.turn.cause !== 'IDLE_NUDGE';
    const heard = spoken.text;
    const goesOn = asksModel && heard !== '';
    const prompt = () => prompter.promptOf(job, spoken.turn);
    const messages = asksModel ? await untilAvailable(prompt, signal) : [];
    async function* answer(isSilent: () => boolean): AsyncGenerator<string> {
      if (!asksModel) {
        yield nudgeOf(job.turnId).slice(spoken.text.length);
        return;
      }
      const request = { model: spoken.turn.model, about: job, messages, mayBeEmpty: goesOn, signal };
      for await (const chunk of failingAsModel(llm.stream(request))) {
        if (chunk.type === 'thinking') thinking.hear(isSilent());
        else thinking.end();
        if (chunk.type === 'text') yield chunk.text;
        else if (chunk.type === 'end') ({ usage, isTruncated } = chunk);
      }
    }
    try {
      const say = (text: string, tokens: number) => untilAvailable(() => spoken.say(text, tokens), signal);
      const source = (isSilent: () => boolean) =>
        goesOn ? withoutOverlap(heard, answer(isSilent)) : answer(isSilent);
      const whole = await speak(source, { pacing, now, signal, say, onSaid });
      if (!whole) return null;
      return { type: 'TurnCompleted', usage, isTruncated };
    } catch (error) {
      if (signal.aborted) return null;
      // A store's failure, or a fault of ours, is not the model's: the turn is to be tried again.
      if (
        !(error instanceof ModelFailed) &&
        (error instanceof StoreUnavailableError || job.attempt < MOST_FAULTS)
      )
        throw error;
      const fault = faultOf(error);
      const { code, status, retryable } = fault;
      // What a provider says may quote what it was asked.
      const said = messages.filter(({ role }) => role !== 'system').map(({ content }) => content);
      const reason = redact(unquoted(fault.message, said)).text;
      log.warn({ code, status, model: spoken.turn.model, reason }, 'the model failed');
      log.debug({ err: fault }, 'how the model failed');
      return { type: 'TurnFailed', code, retryable };
    }
  }

  /** The worker stops. What was heard is not said again, whoever goes on. */
  async #leave(spoken: SpokenTurn): Promise<void> {
    if (this.#options.onStop === 'hand-over' || spoken.text === '') throw new HandedOver('the worker stops');
    await spoken.finish({ type: 'TurnInterrupted', reason: 'SHUTDOWN' });
  }
}
