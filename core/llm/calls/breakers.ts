import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';
import type { ModelErrorCode } from '../../domain/vocabulary.ts';
import type { ModelHealth } from '../../live/model-health/model-health.ts';
import { LlmError } from '../errors/errors.ts';
import type { Llm, LlmChunk, LlmRequest } from './client.ts';

/** A model that fails so many calls in a row, each with all its tries, is not asked for a while. */
const FAILURES_IN_A_ROW = 5;

/**
 * Faults of the model's service. What the account, the key or the question is to blame for would fail again elsewhere,
 * or is for people to mend.
 */
const SERVICE_FAULTS: ReadonlySet<ModelErrorCode> = new Set([
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
]);

export interface BreakersOptions {
  health: ModelHealth;
  /** How long a model that has failed too often is left alone, in milliseconds. */
  restMs: number;
  /** Called when a model's breaker opens or closes, here. */
  onChange?: (model: string, state: 'open' | 'closed') => void;
}

/**
 * Watches every call to each model through a circuit breaker, and shares what it finds. It holds back no call: which
 * model a turn asks was decided, and told, when the turn began.
 */
export function withBreakers(llm: Llm, { health, restMs, onChange }: BreakersOptions): Llm {
  const breakers = new Map<string, CircuitBreakerPolicy>();
  const breakerOf = (model: string): CircuitBreakerPolicy => {
    const known = breakers.get(model);
    if (known) return known;
    const breaker = circuitBreaker(handleWhen(isServiceFault), {
      halfOpenAfter: restMs,
      breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
    });
    breaker.onStateChange((state) => {
      if (state === CircuitState.Open) onChange?.(model, 'open');
      if (state === CircuitState.Closed) onChange?.(model, 'closed');
    });
    breakers.set(model, breaker);
    return breaker;
  };
  return {
    provider: llm.provider,
    stream: (request) => watched(llm, request, breakerOf(request.model), health, restMs),
  };
}

async function* watched(
  llm: Llm,
  request: LlmRequest,
  breaker: CircuitBreakerPolicy,
  health: ModelHealth,
  restMs: number,
): AsyncGenerator<LlmChunk, void, undefined> {
  const { model } = request;
  const outcome = new Outcome(breaker);
  try {
    for await (const chunk of llm.stream(request)) {
      if (chunk.type !== 'thinking' && outcome.succeeded() && health.isOpen(model)) await health.close(model);
      yield chunk;
    }
  } catch (error) {
    await outcome.failed(error);
    // A probe's failure is enough, also where the breaker itself had not seen the ones before.
    if (isServiceFault(error as Error) && (breaker.state !== CircuitState.Closed || health.isOpen(model)))
      await health.open(model, restMs);
    throw error;
  }
}

/** How one call ended, told to the breaker once: its first text, or its failure. One that was aborted is not told. */
class Outcome {
  readonly #breaker: CircuitBreakerPolicy;
  #told = false;

  constructor(breaker: CircuitBreakerPolicy) {
    this.#breaker = breaker;
  }

  /** Answers whether this was news. */
  succeeded(): boolean {
    if (this.#told) return false;
    this.#told = true;
    void this.#tell(async () => {});
    return true;
  }

  async failed(error: unknown): Promise<void> {
    if (!isServiceFault(error as Error)) return;
    this.#told = true;
    await this.#tell(() => Promise.reject(error));
  }

  async #tell(outcome: () => Promise<void>): Promise<void> {
    await this.#breaker.execute(outcome).catch((error) => {
      if (!isBrokenCircuitError(error) && !isServiceFault(error)) throw error;
    });
  }
}

function isServiceFault(error: Error): boolean {
  return error instanceof LlmError && SERVICE_FAULTS.has(error.code);
}
