import type { TurnCause } from '../core/domain/vocabulary.ts';
import type { LlmMessage } from '../core/llm/calls/client.ts';
import { assumedModel } from '../core/llm/models/model.ts';
import type { TokenCounter } from '../core/llm/models/token-counter.ts';
import type { Models } from '../core/llm/registry/models.ts';
import { contextWindow } from '../core/prompt/context-window.ts';
import { promptFor } from '../core/prompt/prompt.ts';
import type { TurnJob } from '../core/queue/jobs.ts';
import type { ConversationReads, Said } from '../core/store/conversation-reads.ts';
import type { Log } from '../core/telemetry/log.ts';

export interface PrompterOptions {
  reads: Pick<ConversationReads, 'history'>;
  models: Models;
  tokens: TokenCounter;
  /** Maximum number of messages of the history in a prompt. */
  contextMessages: number;
  /** A prompt with more tokens than this is logged. */
  tokenWarningThreshold: number;
  /** Called for each prompt over the threshold, for a metric. */
  onLargePrompt?: ((prompt: { model: string; tokens: number }) => void) | undefined;
  log: Log;
}

/** The part of a turn that its prompt depends on. */
export interface PromptedTurn {
  cause: TurnCause;
  /** The id of the model that answers. */
  model: string;
  /** What the user has heard of the answer; empty before it begins. */
  text: string;
}

/** Reserved for the answer, in tokens: some 6,000 words. At most a quarter of a small window. */
const ANSWER_TOKENS = 8_192;
/** Tokens that a provider's framing adds to each message, and to the whole prompt. OpenAI's cookbook counts 3 and 3. */
const FRAME_TOKENS = 4;

/** Builds the prompts of turns: as much of the history as fits into the model's context window. */
export class Prompter {
  readonly #options: PrompterOptions;

  constructor(options: PrompterOptions) {
    this.#options = options;
  }

  /** The messages of the prompt, oldest first. A prompt over the warning threshold is logged and returned. */
  async promptOf(job: Pick<TurnJob, 'conversationId' | 'turnId'>, turn: PromptedTurn): Promise<LlmMessage[]> {
    const { reads, models, contextMessages, tokenWarningThreshold } = this.#options;
    await models.seek(turn.model);
    const model = models.get(turn.model) ?? assumedModel(turn.model, '');
    // One more than needed, to find out whether the history reaches back to the start of the conversation.
    const history = await reads.history(job.conversationId, job.turnId, contextMessages + 1);
    const isWhole = history.filter(({ role }) => role !== 'SYSTEM').length <= contextMessages;
    const ask = { cause: turn.cause, spoken: turn.text };

    const room = model.contextWindow - Math.min(ANSWER_TOKENS, Math.floor(model.contextWindow / 4));
    const ours = promptFor(ask, history, []);
    const everything = [...ours, ...history];
    // No text has more tokens than bytes: if the bytes are within all limits, no tokens need to be counted.
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

  /** Counts the tokens of messages that may fit into a window of `max` tokens, but not of those older than what fills it. */
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
    // Not `tokens`: the log redacts fields with similar names as secrets.
    log.warn({ model, promptTokens: tokens, threshold }, 'prompt over the warning threshold');
    onLargePrompt?.({ model, tokens });
  }
}

type Model = Models['default'];

function sumOf<T>(items: readonly T[], amountOf: (item: T) => number): number {
  return items.reduce((sum, item) => sum + amountOf(item), 0);
}
