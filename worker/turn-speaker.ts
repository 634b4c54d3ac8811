import type { Tracer } from '@opentelemetry/api';
import type { Redact } from '@taskflow/redaction';
import { onAbort } from '../core/async/on-abort.ts';
import { StoreUnavailableError } from '../core/domain/errors.ts';
import { pickNudge } from '../core/domain/texts.ts';
import type { Pacing, TokenUsage } from '../core/domain/vocabulary.ts';
import type { Feed, OpenTurn, TurnEnding } from '../core/live/feed/feed.ts';
import type { Llm } from '../core/llm/calls/client.ts';
import { classifyLlmError, LlmError } from '../core/llm/errors/errors.ts';
import { withoutOverlap } from '../core/prompt/overlap.ts';
import type { TurnJob } from '../core/queue/jobs.ts';
import type { ConversationReads } from '../core/store/conversation-reads.ts';
import { inSpan } from '../core/telemetry/in-span.ts';
import { type Log, withLogFields } from '../core/telemetry/log.ts';
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
   * What to do with a half-spoken turn when this worker stops: hand it over to another worker, or, if there is none,
   * interrupt it with what was heard.
   */
  onStop: 'hand-over' | 'interrupt';
  /** Applied to the error messages of providers before they are logged. */
  redact: Redact;
  tracer: Tracer;
  log: Log;
  /** Called with how late words were spoken, in milliseconds. */
  onSaid?: (lagMs: number) => void;
  /** A monotonic clock, in milliseconds. */
  now?: () => number;
}

/** The text of a nudge. It is derived from the turn's id, so that another worker can continue it. */
function nudgeOf(turnId: string): string {
  return pickNudge(() => Number.parseInt(turnId.slice(-6), 16) / 0x1000000);
}

/** Fails the job so that it is retried: the turn is still pending, and another call must end it. */
class HandedOver extends Error {
  override name = 'HandedOver';
}

/** The attempt at which an internal error fails the turn, because each attempt calls the model again. */
const MAX_ATTEMPTS = 5;

type AttemptedJob = TurnJob & { attempt: number };

/** The failure of the model. An abort is the fault of the model's server, because this worker has not aborted the call. */
function faultOf(error: unknown): LlmError {
  const { cause } = error instanceof ModelFailed ? error : { cause: error };
  return classifyLlmError(cause) ?? new LlmError('SERVICE_UNAVAILABLE', 'the model has aborted its answer');
}

/** The call to the model failed with `cause`. */
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

/** Speaks turns: one call per job, from what the feed has of the turn to its one end. */
export class TurnSpeaker {
  readonly #options: TurnSpeakerOptions;

  constructor(options: TurnSpeakerOptions) {
    this.#options = options;
  }

  /**
   * Speaks a turn and stores its answer. Idempotent: a repeated call speaks nothing twice.
   * Rejects when the job must be retried, by this or another worker.
   */
  run(job: TurnJob, stop: AbortSignal, attempt = 1): Promise<void> {
    const { conversationId, turnId } = job;
    return withLogFields({ conversationId, turnId }, () => this.#run({ ...job, attempt }, stop));
  }

  async #run(job: AttemptedJob, stop: AbortSignal): Promise<void> {
    const { conversationId, turnId } = job;
    const { reads, turns, tracer } = this.#options;
    const drive = (own: OpenTurn | null) => untilAvailable(() => turns.drive(conversationId, own), stop);
    const turn = await untilAvailable(() => this.#claim(job), stop);
    const read = () => untilAvailable(() => reads.find(conversationId), stop);
    const pending = turn && (await read());
    // A feed that was set back may still have a turn open that is over.
    const isPending = turn !== null && pending?.pendingTurnId === turnId;
    const own = turn && isPending ? await this.#speak(job, turn, pending.pacing, stop) : null;
    await inSpan(tracer, 'store answer', () => drive(own));
    if ((await read())?.pendingTurnId === turnId) throw new HandedOver('the turn is still pending');
  }

  /** Claims the turn, and opens it again if the feed has lost it. Null: there is nothing left to speak. */
  async #claim({ conversationId, turnId }: TurnJob): Promise<OpenTurn | null> {
    const { feed, turns } = this.#options;
    const turn = await feed.claim(conversationId, turnId);
    if (turn) return turn;
    await turns.drive(conversationId);
    return feed.claim(conversationId, turnId);
  }

  /** Speaks and ends a claimed turn. Returns what this speaker knows of it, even if it was fenced. */
  async #speak(job: AttemptedJob, turn: OpenTurn, pacing: Pacing, stop: AbortSignal): Promise<OpenTurn> {
    const { feed, turns, log } = this.#options;
    const { conversationId, turnId } = job;
    const over = new AbortController();
    const end = () => over.abort();
    const removeListener = onAbort(stop, end);
    let unwatch = () => {};
    const spoken = new SpokenTurn(feed, conversationId, turn, (own) => turns.drive(conversationId, own));
    try {
      const restore = () => untilAvailable(() => spoken.restore(), over.signal);
      const watcher = {
        onFenced: end,
        onLost: () => void restore().then((isOurs) => isOurs || end(), end),
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
      removeListener();
      over.abort();
    }
  }

  /** Calls the model and speaks its answer. Null: the turn was cut off. */
  async #perform(
    job: AttemptedJob,
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
    const continues = asksModel && heard !== '';
    const prompt = () => prompter.promptOf(job, spoken.turn);
    const messages = asksModel ? await untilAvailable(prompt, signal) : [];
    async function* answer(isSilent: () => boolean): AsyncGenerator<string> {
      if (!asksModel) {
        yield nudgeOf(job.turnId).slice(spoken.text.length);
        return;
      }
      const request = { model: spoken.turn.model, about: job, messages, mayBeEmpty: continues, signal };
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
        continues ? withoutOverlap(heard, answer(isSilent)) : answer(isSilent);
      const whole = await speak(source, { pacing, now, signal, say, onSaid });
      if (!whole) return null;
      return { type: 'TurnCompleted', usage, isTruncated };
    } catch (error) {
      if (signal.aborted) return null;
      // An unavailable store or an internal error is not the model's failure: the turn is retried.
      if (
        !(error instanceof ModelFailed) &&
        (error instanceof StoreUnavailableError || job.attempt < MAX_ATTEMPTS)
      )
        throw error;
      const fault = faultOf(error);
      const { code, status, retryable } = fault;
      // A provider's error message may quote the prompt.
      const said = messages.filter(({ role }) => role !== 'system').map(({ content }) => content);
      const reason = redact(unquoted(fault.message, said)).text;
      log.warn({ code, status, model: spoken.turn.model, reason }, 'the model failed');
      log.debug({ err: fault }, 'error of the model');
      return { type: 'TurnFailed', code, retryable };
    }
  }

  /** The worker stops: hands the turn over, or interrupts it. */
  async #leave(spoken: SpokenTurn): Promise<void> {
    if (this.#options.onStop === 'hand-over' || spoken.text === '') throw new HandedOver('the worker stops');
    await spoken.finish({ type: 'TurnInterrupted', reason: 'SHUTDOWN' });
  }
}
