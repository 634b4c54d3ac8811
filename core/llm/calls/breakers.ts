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

/** The breaker opens after this many failed calls in a row. A call fails when all its tries have failed. */
const FAILURES_IN_A_ROW = 5;

/**
 * Faults of the model's service. Faults of the account, the key or the question do not count: they would fail again at
 * another model, or need a person to fix them.
 */
const SERVICE_FAULTS: ReadonlySet<ModelErrorCode> = new Set([
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
]);

export interface BreakersOptions {
  health: ModelHealth;
  /** How long an open breaker stays open before a probe may be sent, in milliseconds. */
  restMs: number;
  /** Called when a model's breaker opens or closes in this process. */
  onChange?: (model: string, state: 'open' | 'closed') => void;
}

/**
 * Watches the calls to each model with a circuit breaker and shares its state through `health`. It rejects no call: the
 * model of a turn was chosen and published when the turn began.
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
    // One failed probe is enough, even if this process's breaker did not see the failures before it.
    if (isServiceFault(error as Error) && (breaker.state !== CircuitState.Closed || health.isOpen(model)))
      await health.open(model, restMs);
    throw error;
  }
}

/** The outcome of one call, reported to the breaker once: its first text, or its failure. An abort is not reported. */
class Outcome {
  readonly #breaker: CircuitBreakerPolicy;
  #isReported = false;

  constructor(breaker: CircuitBreakerPolicy) {
    this.#breaker = breaker;
  }

  /** Returns false if the outcome was reported before. */
  succeeded(): boolean {
    if (this.#isReported) return false;
    this.#isReported = true;
    void this.#report(async () => {});
    return true;
  }

  async failed(error: unknown): Promise<void> {
    if (!isServiceFault(error as Error)) return;
    this.#isReported = true;
    await this.#report(() => Promise.reject(error));
  }

  async #report(outcome: () => Promise<void>): Promise<void> {
    await this.#breaker.execute(outcome).catch((error) => {
      if (!isBrokenCircuitError(error) && !isServiceFault(error)) throw error;
    });
  }
}

function isServiceFault(error: Error): boolean {
  return error instanceof LlmError && SERVICE_FAULTS.has(error.code);
}
