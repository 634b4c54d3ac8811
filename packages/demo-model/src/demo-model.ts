import { setTimeout as delay } from 'node:timers/promises';
import { answerTo } from './answer.ts';
import { piecesOf } from './pieces.ts';
import { type ChatServer, startChatServer } from './server.ts';

/** The pace of the demo model: each pause is random within its range, uniformly, in milliseconds. */
export interface Pace {
  firstToken: readonly [least: number, most: number];
  nextToken: readonly [least: number, most: number];
}

/** The pace of a small hosted model: about a fifth of a second to the first token, then about 50 tokens a second. */
export const MODEL_PACE: Pace = { firstToken: [150, 300], nextToken: [15, 25] };

/** Starts the demo model: an OpenAI-compatible server on a loopback port that answers with prepared texts. */
export function startDemoModel(pace: Pace = MODEL_PACE): Promise<ChatServer> {
  return startChatServer({
    models: ['demo'],
    async answer(request, completion, signal) {
      for (const [at, text] of piecesOf(answerTo(request.messages)).entries()) {
        if (at === request.maxTokens) return completion.finish('length');
        const [least, most] = at === 0 ? pace.firstToken : pace.nextToken;
        await delay(least + Math.random() * (most - least), undefined, { signal });
        await completion.text(text);
      }
    },
  });
}
