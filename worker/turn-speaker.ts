import type { Tracer } from '@opentelemetry/api';
import type { Redact } from '@taskflow/redaction';
import { onAbort } from '../core/async/on-abort.ts';
import { StoreUnavailableError } from '../core/domain/errors.ts';
import { pickNudge } from '../core/domain/texts.ts';
import type { TokenUsage } from '../core/domain/vocabulary.ts';
import type { Feed, OpenTurn, TurnEnding } from '../core/live/feed/feed.ts';
import type { Presence } from '../core/live/presence/presence.ts';
import type { Llm, LlmMessage } from '../core/llm/calls/client.ts';
import { classifyLlmError, LlmError } from '../core/llm/errors/errors.ts';
import { withoutOverlap } from '../core/prompt/overlap.ts';
import type { TurnJob } from '../core/queue/jobs.ts';
import { DEFAULT_READING_WPM } from '../core/speech/reading-time.ts';
import type { ConversationReads } from '../core/store/conversation-reads.ts';
import type { TurnRest } from '../core/store/turn-rest.ts';
import { inSpan } from '../core/telemetry/in-span.ts';
import { type Log, withLogFields } from '../core/telemetry/log.ts';
import { waitsForSentence } from '../core/turns/queue.ts';
import type { TurnRests } from '../core/turns/turn-rests.ts';
import type { Turns } from '../core/turns/turns.ts';
import type { Conversation } from '../generated/prisma/client.ts';
import { untilAvailable } from './available.ts';
import { onDeserted } from './deserted.ts';
import type { Prompter } from './prompting.ts';
import { SentenceEnd } from './sentence-end.ts';
import { speak } from './speech.ts';
import { SpokenTurn } from './spoken-turn.ts';
import { storingRest } from './storing-rest.ts';
import { Thinking } from './thinking.ts';
import { unquoted } from './unquoted.ts';

export interface TurnSpeakerOptions {
  reads: Pick<ConversationReads, 'find'>;
  feed: Feed;
  turns: Pick<Turns, 'drive' | 'endSentence'>;
  rests: Pick<TurnRests, 'keep' | 'find' | 'queue' | 'discard'>;
  presence: Pick<Presence, 'isAnyone'>;
  llm: Llm;
  prompter: Prompter;
  /**
   * What to do with a half-spoken turn when this worker stops: hand it over to another worker, or, if there is none,
   * interrupt it with what was heard. A stored rest is then spoken whole at once.
   */
  onStop: 'hand-over' | 'interrupt';
  /** Words a minute at READING pace in conversations that do not set it. Default: 300. */
  readingWpm?: number;
  /** The shortest rest of a turn that is stored, in milliseconds of speech; 1 s unless given. */
  shortestRestMs?: number;
  /** Applied to the error messages of providers before they are logged. */
  redact: Redact;
  tracer: Tracer;
  log: Log;
  /** Called with how late words were spoken, in milliseconds. */
  onSaid?: (lagMs: number) => void;
  /** Called when the first words of a turn are in the feed. */
  onFirstWords?: (turn: { turnId: string; model: string }) => void;
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

/** How fast a conversation is spoken, and what waits. `readingWpm`: null is the installation's. */
type Pace = Pick<Conversation, 'pacing' | 'readingWpm' | 'queued'>;

/** The queue of a conversation that does not exist any more. */
const NOTHING_WAITS = { queued: [] };

/** What reaches a speaker while it speaks. */
interface Signals {
  /** Aborts when the turn may no longer be spoken. */
  over: AbortSignal;
  /** Aborts when the turn is fast-forwarded. */
  hurry: AbortSignal;
  sentence: SentenceEnd;
}

/** `rest`: the stored rest to speak; null: the model is asked. */
type AttemptedJob = TurnJob & { attempt: number; rest: TurnRest | null };

/** A turn as its speaker left it. `ending`: how this speaker has ended it; null: it has not. */
interface Spoken {
  turn: OpenTurn;
  ending: TurnEnding | null;
}

/** How turns end, for the log. */
const OUTCOMES = {
  TurnCompleted: 'completed',
  TurnFailed: 'failed',
  TurnInterrupted: 'interrupted',
} as const satisfies Record<TurnEnding['type'], string>;

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

/**
 * Speaks turns: one call per job, from what the feed has of the turn to its one end. At READING pace a turn has two jobs: the
 * first asks the model and stores what is left to speak when it has finished, the second speaks that.
 */
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
    return withLogFields({ conversationId, turnId }, () => this.#run(job, 'model', attempt, stop));
  }

  /** Queues the second job of a turn whose rest is stored. False: its model has to be asked. */
  async passOn(job: TurnJob, stop: AbortSignal): Promise<boolean> {
    const { rests } = this.#options;
    if (!(await untilAvailable(() => rests.find(job), stop))) return false;
    await untilAvailable(() => rests.queue(job), stop);
    return true;
  }

  /** Speaks the stored rest of a turn: the same as {@link run} for its second job. */
  runRest(job: TurnJob, stop: AbortSignal, attempt = 1): Promise<void> {
    const { conversationId, turnId } = job;
    return withLogFields({ conversationId, turnId }, () => this.#run(job, 'rest', attempt, stop));
  }

  async #run(job: TurnJob, speaks: 'model' | 'rest', attempt: number, stop: AbortSignal): Promise<void> {
    const { conversationId, turnId } = job;
    const { reads, turns, rests, tracer, now = () => performance.now() } = this.#options;
    const begun = now();
    const drive = (own: OpenTurn | null) => untilAvailable(() => turns.drive(conversationId, own), stop);
    const turn = await untilAvailable(() => this.#claim(job), stop);
    const read = () => untilAvailable(() => reads.find(conversationId), stop);
    const pending = turn && (await read());
    let own: Spoken | null = null;
    // A feed that was set back may still have a turn open that is over.
    if (turn && pending?.pendingTurnId === turnId) {
      const spoken =
        speaks === 'rest'
          ? await this.#speakRest({ ...job, attempt }, turn, pending, stop)
          : await this.#speak({ ...job, attempt, rest: null }, turn, pending, stop);
      if (spoken === 'left') return untilAvailable(() => rests.queue(job), stop);
      if (spoken === 'discarded') return;
      own = spoken;
      if (own.ending) this.#logEnd(own, { attempts: attempt, ms: now() - begun });
    }
    await inSpan(tracer, 'store answer', () => drive(own?.turn ?? null));
    if ((await read())?.pendingTurnId === turnId) throw new HandedOver('the turn is still pending');
    // It was ended from outside: by a message, a call or the end of the conversation.
    if (own && !own.ending) this.#logEnd(own, { attempts: attempt, ms: now() - begun });
  }

  /** Logs the one line of a turn that is over. */
  #logEnd({ turn, ending }: Spoken, { attempts, ms }: { attempts: number; ms: number }): void {
    const { cause, model, tokens } = turn;
    const outcome = ending ? OUTCOMES[ending.type] : 'interrupted';
    const why = ending && 'reason' in ending ? { reason: ending.reason } : {};
    const failed = ending && 'code' in ending ? { code: ending.code } : {};
    const fields = { outcome, ...why, ...failed, cause, model, tokens, attempts, ms: Math.round(ms) };
    this.#options.log.info(fields, `turn ${outcome}`);
  }

  /** Claims the turn, and opens it again if the feed has lost it. Null: there is nothing left to speak. */
  async #claim({ conversationId, turnId }: TurnJob): Promise<OpenTurn | null> {
    const { feed, turns } = this.#options;
    const turn = await feed.claim(conversationId, turnId);
    if (turn) return turn;
    await turns.drive(conversationId);
    return feed.claim(conversationId, turnId);
  }

  async #speakRest(
    job: TurnJob & { attempt: number },
    turn: OpenTurn,
    { queued }: Pick<Pace, 'queued'>,
    stop: AbortSignal,
  ): Promise<Spoken | 'left' | 'discarded'> {
    const { rests } = this.#options;
    const rest = await untilAvailable(() => rests.find(job), stop);
    if (!rest?.text.startsWith(turn.text)) {
      // Its speaker was fenced before it stored this: another one has asked the model, too.
      await untilAvailable(() => rests.discard(job), stop);
      return 'discarded';
    }
    const { readingWpm } = rest;
    return this.#speak({ ...job, rest }, turn, { pacing: 'READING', readingWpm, queued }, stop);
  }

  /** Speaks and ends a claimed turn. Returns what this speaker knows of it, even if it was fenced; `left`: its rest is stored. */
  async #speak(job: AttemptedJob, turn: OpenTurn, pace: Pace, stop: AbortSignal): Promise<Spoken | 'left'> {
    const { feed, turns, reads, log, presence, onStop } = this.#options;
    const { conversationId, turnId } = job;
    const over = new AbortController();
    const end = () => over.abort();
    const hurry = new AbortController();
    const hasten = () => hurry.abort();
    const sentence = new SentenceEnd({
      waits: async () => waitsForSentence((await reads.find(conversationId)) ?? NOTHING_WAITS, turnId),
      spoken: () => spoken.text,
      end: () => untilAvailable(() => turns.endSentence(conversationId, turnId), over.signal),
    });
    if (waitsForSentence(pace, turnId)) sentence.await();
    const removeListener = onAbort(stop, job.rest && onStop === 'interrupt' ? hasten : end);
    const stopLooking = job.rest ? onDeserted(presence, conversationId, hasten) : () => {};
    let unwatch = () => {};
    const spoken = new SpokenTurn(feed, conversationId, turn, (own) => turns.drive(conversationId, own));
    try {
      const restore = () => untilAvailable(() => spoken.restore(), over.signal);
      const watcher = {
        onFenced: end,
        onLost: () => void restore().then((isOurs) => isOurs || end(), end),
        onFastForward: hasten,
        onRowChanged: () => void sentence.look().catch((err) => log.debug({ err }, 'the row was not read')),
      };
      unwatch = await untilAvailable(() => feed.watchTurn(conversationId, turnId, watcher), stop);
      const signals = { over: over.signal, hurry: hurry.signal };
      const ending = await this.#perform(job, spoken, pace, { ...signals, sentence });
      if (ending === 'left') return ending;
      const isEnded = ending !== null && (await untilAvailable(() => spoken.finish(ending), stop));
      const left = !ending && stop.aborted ? await this.#leave(spoken) : null;
      return { turn: spoken.turn, ending: isEnded ? ending : left };
    } catch (error) {
      if (!(error instanceof HandedOver)) log.error({ err: error, attempt: job.attempt }, 'the turn failed');
      throw error;
    } finally {
      unwatch();
      stopLooking();
      removeListener();
      over.abort();
    }
  }

  /** Calls the model and speaks its answer, or speaks the stored rest of one. Null: the turn was cut off. */
  async #perform(
    job: AttemptedJob,
    spoken: SpokenTurn,
    { pacing, readingWpm }: Pace,
    { over: signal, hurry: fastForward, sentence }: Signals,
  ): Promise<TurnEnding | 'left' | null> {
    const { llm, prompter, log, onSaid, onFirstWords, now = () => performance.now() } = this.#options;
    const { rest } = job;
    const speed = readingWpm ?? this.#options.readingWpm ?? DEFAULT_READING_WPM;
    let usage: TokenUsage | null = null;
    let isTruncated = false;
    const thinking = new Thinking({
      now,
      publish: (seconds) => spoken.think(seconds),
      onFault: (err) => log.debug({ err }, 'TurnThinking was not published'),
    });
    const asksModel = spoken.turn.cause !== 'IDLE_NUDGE' && !rest;
    const heard = spoken.text;
    const continues = asksModel && heard !== '';
    const prompt = () => prompter.promptOf(job, spoken.turn);
    const messages: LlmMessage[] = asksModel ? await untilAvailable(prompt, signal) : [];
    async function* answer(isSilent: () => boolean): AsyncGenerator<string> {
      if (!asksModel) {
        yield (rest?.text ?? nudgeOf(job.turnId)).slice(heard.length);
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
    let failed: TurnRest['ending'] | null = null;
    const failure = (error: unknown) => {
      failed ??= this.#failure(error, spoken, messages);
      return failed;
    };
    const completed = (): TurnRest['ending'] => ({ type: 'TurnCompleted', usage, isTruncated });
    const endingOf = (fault: unknown) => {
      if (fault === null) return completed();
      return fault instanceof ModelFailed ? failure(fault) : null;
    };
    try {
      const say = sentence.within(async (text, tokens) => {
        const isFirst = spoken.text === '';
        const isSaid = await untilAvailable(() => spoken.say(text, tokens), signal);
        if (isFirst && isSaid) onFirstWords?.({ turnId: job.turnId, model: spoken.turn.model });
        return isSaid;
      });
      const source = (isSilent: () => boolean) =>
        continues ? withoutOverlap(heard, answer(isSilent)) : answer(isSilent);
      const storing = { job, spoken, readingWpm: speed, endingOf, signal, fastForward };
      const { kept, leave } = storingRest({ ...this.#options, ...storing });
      const outcome = await speak((isSilent) => kept(source(isSilent)), {
        ...{ pacing, readingWpm: speed, now, signal, fastForward, say, onSaid },
        ...(rest && { heard }),
        ...(pacing === 'READING' && !rest && { leave }),
      });
      if (outcome === 'left') return outcome;
      if (outcome === 'cut off') return null;
      return rest?.ending ?? completed();
    } catch (error) {
      if (signal.aborted) return null;
      // An unavailable store or an internal error is not the model's failure: the turn is retried.
      if (
        !(error instanceof ModelFailed) &&
        (error instanceof StoreUnavailableError || job.attempt < MAX_ATTEMPTS)
      )
        throw error;
      return failure(error);
    }
  }

  /** Logs an error of the model. Returns how it ends the turn. `messages`: the prompt. */
  #failure(
    error: unknown,
    { turn: { model } }: SpokenTurn,
    messages: readonly LlmMessage[],
  ): TurnRest['ending'] {
    const { redact, log } = this.#options;
    const fault = faultOf(error);
    const { code, status, retryable } = fault;
    // A provider's error message may quote the prompt.
    const said = messages.filter(({ role }) => role !== 'system').map(({ content }) => content);
    const reason = redact(unquoted(fault.message, said)).text;
    log.warn({ code, status, model, reason }, 'the model failed');
    log.debug({ err: fault }, 'error of the model');
    return { type: 'TurnFailed', code, retryable };
  }

  /** The worker stops: hands the turn over, or interrupts it. Null: it was no longer this speaker's. */
  async #leave(spoken: SpokenTurn): Promise<TurnEnding | null> {
    if (this.#options.onStop === 'hand-over' || spoken.text === '') throw new HandedOver('the worker stops');
    const ending: TurnEnding = { type: 'TurnInterrupted', reason: 'SHUTDOWN' };
    return (await spoken.finish(ending)) ? ending : null;
  }
}
