import { setTimeout as delay } from 'node:timers/promises';
import type { Answerer } from '@taskflow/demo-model';
import { startUpstream, type Upstream } from '@taskflow/demo-model';
import { demoAnswer } from './demo-answer.ts';
import { tokenPieces } from './demo-tokens.ts';
import { SeededRandom } from './seeded-random.ts';

/** How fast the demo model speaks; each pause is drawn from its range, in ms. */
export interface DemoPace {
  firstToken: readonly [least: number, most: number];
  betweenTokens: readonly [least: number, most: number];
}

/** The pace of a small hosted model: a fifth of a second to the first token, then some 50 tokens a second. */
export const MODEL_PACE: DemoPace = { firstToken: [150, 300], betweenTokens: [15, 25] };

/**
 * Starts the built-in model: an OpenAI-compatible server on a loopback port whose answers are improvised from what was asked.
 * It knows nothing and says so. The same messages have the same answer, so that one that was cut can be taken up again.
 */
export function startDemoUpstream(options: { pace?: DemoPace } = {}): Promise<Upstream> {
  return startUpstream({ answer: demoAnswerer(options.pace ?? MODEL_PACE) });
}

function demoAnswerer(pace: DemoPace): Answerer {
  return async function* (request, { signal }) {
    const text = demoAnswer(request.messages);
    const random = new SeededRandom(text);
    let tokens = 0;
    await pause(random.between(pace.firstToken), signal);
    for (const piece of tokenPieces(text, random)) {
      if (signal.aborted) return;
      if (tokens === request.maxTokens) {
        yield { type: 'finish', reason: 'length' };
        return;
      }
      if (tokens > 0) await pause(random.between(pace.betweenTokens), signal);
      yield { type: 'text', text: piece };
      tokens += 1;
    }
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await delay(ms, undefined, { signal }).catch(() => {});
}
