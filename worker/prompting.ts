import type { TurnCause } from '../core/domain/vocabulary.ts';
import type { LlmMessage } from '../core/llm/calls/client.ts';
import { assumedModel } from '../core/llm/models/model.ts';
import type { TokenCounter } from '../core/llm/models/token-counter.ts';
import type { Models } from '../core/llm/registry/models.ts';
import { contextWindow } from '../core/prompt/context-window.ts';
import { promptFor } from '../core/prompt/prompt.ts';
import type { TurnJob } from '../core/queue/jobs.ts';
import type { Log } from '../core/telemetry/log.ts';
import type { ConversationReads, Said } from '../core/turns/conversation-reads.ts';

export interface PrompterOptions {
  reads: Pick<ConversationReads, 'history'>;
  models: Models;
  tokens: TokenCounter;
  /** How many messages of the history the model is given. */
  contextMessages: number;
  /** From more tokens of prompt than this on, it is said in the log. */
  tokenWarningThreshold: number;
  /** Told of each prompt over the threshold, for a metric. */
  onLargePrompt?: ((prompt: { model: string; tokens: number }) => void) | undefined;
  log: Log;
}

/** What a turn is asked for, and how much of it was said already. */
export interface PromptedTurn {
  cause: TurnCause;
  /** The id of the model that is to be asked. */
  model: string;
  /** What the user has heard of the answer; empty when it is yet to begin. */
  text: string;
}

/** Kept free for the answer: some 6,000 words. Of a small window, a quarter. In tokens. */
const ANSWER_TOKENS = 8_192;
/** What a provider's framing adds to each message, and to them all; OpenAI's cookbook counts 3 and 3. In tokens. */
const FRAME_TOKENS = 4;

/** Makes the prompts of turns: as much of what was said as the model can take in. */
export class Prompter {
  readonly #options: PrompterOptions;

  constructor(options: PrompterOptions) {
    this.#options = options;
  }

  /** What the model is asked, oldest first. A prompt that is large is warned of, and made all the same. */
  async promptOf(job: Omit<TurnJob, 'owner'>, turn: PromptedTurn): Promise<LlmMessage[]> {
    const { reads, models, contextMessages, tokenWarningThreshold } = this.#options;
    await models.seek(turn.model);
    const model = models.get(turn.model) ?? assumedModel(turn.model, '');
    // One more than is wanted tells whether they begin with the conversation.
    const history = await reads.history(job.conversationId, job.turnId, contextMessages + 1);
    const isWhole = history.filter(({ role }) => role !== 'SYSTEM').length <= contextMessages;
    const ask = { cause: turn.cause, spoken: turn.text };

    const room = model.contextWindow - Math.min(ANSWER_TOKENS, Math.floor(model.contextWindow / 4));
    const ours = promptFor(ask, history, []);
    const everything = [...ours, ...history];
    // No text has more tokens than bytes: where the bytes are within every limit, nothing needs to be counted.
    const bytes = sumOf(everything, ({ content }) => Buffer.byteLength(content) + FRAME_TOKENS);
    if (bytes <= Math.min(room, tokenWarningThreshold) && isWhole) return promptFor(ask, history);

    let taken = FRAME_TOKENS;
    for (const message of ours) taken += (await this.#count(model, message)) + FRAME_TOKENS;
    const counts = await this.#countNewest(model, history, room - taken);
    const window = contextWindow(history, {
      maxMessages: contextMessages,
      maxTokens: room - taken,
      tokensOf: (message) => counts.get(message) ?? Number.POSITIVE_INFINITY,
      startsAtBeginning: isWhole,
    });
    this.#guard(model.id, taken + window.tokens);
    return promptFor(ask, history, window.messages);
  }

  /** Counts those that may come into a window of `max` tokens: those older than what fills it cannot. */
  async #countNewest(model: Model, history: readonly Said[], max: number): Promise<Map<Said, number>> {
    const counts = new Map<Said, number>();
    const newestUser = history.findLast(({ role }) => role === 'USER');
    let spoken = 0;
    for (const message of history.toReversed()) {
      const needed = message.role === 'SYSTEM' || message === newestUser || spoken <= max;
      if (!needed) continue;
      const tokens = (await this.#count(model, message)) + FRAME_TOKENS;
      counts.set(message, tokens);
      if (message.role !== 'SYSTEM') spoken += tokens;
    }
    return counts;
  }

  #count(model: Model, message: { id?: string; content: string }): Promise<number> {
    return this.#options.tokens.count(model, message);
  }

  #guard(model: string, tokens: number): void {
    const { tokenWarningThreshold: threshold, onLargePrompt, log } = this.#options;
    if (tokens <= threshold) return;
    // Not `tokens`: a field of nearly that name is taken for a secret.
    log.warn({ model, promptTokens: tokens, threshold }, 'a large prompt');
    onLargePrompt?.({ model, tokens });
  }
}

type Model = Models['default'];

function sumOf<T>(items: readonly T[], amountOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amountOf(item), 0);
}
