import { wait } from '../../async/wait.ts';
import { LlmAbortError, LlmError } from '../errors/errors.ts';
import type { Llm, LlmChunk, LlmRequest } from './client.ts';

/** All tries of a call begin within this time of the first, in milliseconds. */
const TRY_WITHIN_MS = 10_000;
/** The first wait, in milliseconds. Each wait is twice as long as the one before, up to the longest. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 4_000;

export interface TriesOptions {
  /** Returns a number from 0 to below 1, which sets the jitter of a wait. */
  random?: () => number;
  /** Milliseconds of a monotonic clock. */
  now?: () => number;
}

/**
 * Retries a call that fails before its first text with a transient fault, as long as all tries begin within 10 s and the
 * provider's retry-after allows it. Never retries after the first text: the answer would repeat.
 */
export function withTries(
  llm: Llm,
  { random = Math.random, now = () => performance.now() }: TriesOptions = {},
): Llm {
  async function* stream(request: LlmRequest): AsyncGenerator<LlmChunk, void, undefined> {
    const begun = now();
    for (let attempt = 1; ; attempt++) {
      let heard = false;
      try {
        for await (const chunk of llm.stream(request)) {
          heard ||= chunk.type !== 'thinking';
          yield chunk;
        }
        return;
      } catch (error) {
        if (heard || !(error instanceof LlmError) || !error.mayTryAgain) throw error;
        const pause = Math.max(error.retryAfterMs ?? 0, growing(attempt) * (0.5 + random() / 2));
        if (now() - begun + pause > TRY_WITHIN_MS) throw error;
        await wait(pause, request.signal);
        if (request.signal.aborted) throw new LlmAbortError('the answer was aborted', { cause: error });
      }
    }
  }
  return { provider: llm.provider, stream };
}

function growing(attempt: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
}
