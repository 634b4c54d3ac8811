import { wait } from '../core/async/wait.ts';
import { StoreUnavailableError } from '../core/domain/errors.ts';
import type { TurnJob } from '../core/queue/jobs.ts';
import type { TurnRest } from '../core/store/turn-rest.ts';
import type { Log } from '../core/telemetry/log.ts';
import { storable } from '../core/text/storable.ts';
import type { TurnRests } from '../core/turns/turn-rests.ts';
import type { SpeechOptions } from './speech.ts';
import type { SpokenTurn } from './spoken-turn.ts';

/** A rest that takes less time to speak is not stored, in milliseconds: a commit and another job would cost more than it. */
const SHORTEST_REST_MS = 1_000;
/** Time between two attempts while the database is unavailable, in milliseconds. */
const RETRY_MS = 1_000;

export interface StoringRestOptions {
  rests: Pick<TurnRests, 'keep'>;
  job: TurnJob;
  spoken: SpokenTurn;
  readingWpm: number;
  /** How the turn ends, given the error of its model; null: it does not, because it is retried. */
  endingOf: (fault: unknown) => TurnRest['ending'] | null;
  /** Aborts when the turn may no longer be spoken. */
  signal: AbortSignal;
  /** Aborts when everything must be spoken at once. */
  fastForward: AbortSignal;
  shortestRestMs?: number | undefined;
  log: Log;
}

export interface StoringRest {
  /** The same text, which it keeps. */
  kept(answer: AsyncIterable<string>): AsyncIterable<string>;
  /** Stores the rest once the model has finished. The words are spoken meanwhile. See {@link SpeechOptions.leave}. */
  leave: NonNullable<SpeechOptions['leave']>;
}

/** Stores what is left to speak of a turn when its model has finished: the whole text. The feed knows how far it is spoken. */
export function storingRest(options: StoringRestOptions): StoringRest {
  const { rests, job, spoken, readingWpm, endingOf, signal, fastForward, log } = options;
  const { shortestRestMs = SHORTEST_REST_MS } = options;
  let text = spoken.text;

  async function* kept(answer: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const chunk of answer) {
      text += chunk;
      yield chunk;
    }
  }

  async function keep(ending: TurnRest['ending']): Promise<boolean> {
    const { conversationId, turnId } = job;
    const { turn } = spoken;
    return rests.keep({
      ...{ conversationId, turnId, text: storable(text), ending, readingWpm },
      ...{
        spoken: turn.text.length,
        tokens: turn.tokens,
        model: turn.model,
        fallback: turn.fallback ?? null,
      },
    });
  }

  const leave: StoringRest['leave'] = async ({ fault, leftMs }) => {
    while (!signal.aborted && !fastForward.aborted && leftMs() >= shortestRestMs) {
      const ending = endingOf(fault);
      if (!ending) return false;
      try {
        return await keep(ending);
      } catch (err) {
        log.debug({ err }, 'the rest of a turn was not stored');
        if (!(err instanceof StoreUnavailableError)) return false;
        await wait(RETRY_MS, signal);
      }
    }
    return false;
  };
  return { kept, leave };
}
