import { v7 as uuidv7 } from 'uuid';
import { type Clock, machineClock } from '../../clock/clock.ts';
import { DEFAULT_TENANT } from '../../domain/owner.ts';
import type { TokenUsage } from '../../domain/vocabulary.ts';
import {
  type InferenceRecord,
  type InferenceStatus,
  LONGEST_WORDS,
} from '../../inference/inference-record.ts';
import { questionIn } from '../../prompt/prompt.ts';
import { classifyLlmError, type LlmError } from '../errors/errors.ts';
import type { Llm, LlmChunk, LlmRequest } from './client.ts';

export interface RecordedOptions {
  /** Called once with the record of every call, when it has ended. Its errors do not affect the call. */
  record: (record: InferenceRecord) => void;
  /** Called with the error that `record` threw. */
  onFault: (error: unknown) => void;
  /** Gives the records their times. Default: this machine's clock. */
  clock?: Clock;
  /** Milliseconds of a monotonic clock. */
  now?: () => number;
}

/** Records every call to a model, however it ends: one record per call, also for a call that the caller left early. */
export function withRecords(
  llm: Llm,
  { record, onFault, clock = machineClock, now = () => performance.now() }: RecordedOptions,
): Llm {
  return {
    provider: llm.provider,
    async *stream(request) {
      const call = new CallNotes(llm.provider, request, now, Math.round(clock.now()));
      try {
        for await (const chunk of llm.stream(request)) {
          call.hear(chunk);
          yield chunk;
        }
        call.end('SUCCESS');
      } catch (error) {
        const fault = request.signal.aborted ? null : classifyLlmError(error);
        if (fault) call.end('ERROR', fault);
        throw error;
      } finally {
        try {
          record(call.record());
        } catch (error) {
          onFault(error);
        }
      }
    },
  };
}

class CallNotes {
  readonly #provider: string;
  readonly #request: LlmRequest;
  readonly #now: () => number;
  readonly #begun: number;
  readonly #at: number;
  #firstAt: number | null = null;
  #output = '';
  #characters = 0;
  #usage: TokenUsage | null = null;
  #wasThinking = false;
  /** ABORTED until the call ends in another way. */
  #status: InferenceStatus = 'ABORTED';
  #fault: LlmError | null = null;

  constructor(provider: string, request: LlmRequest, now: () => number, at: number) {
    this.#provider = provider;
    this.#request = request;
    this.#now = now;
    this.#at = at;
    this.#begun = now();
  }

  hear(chunk: LlmChunk): void {
    if (chunk.type === 'end') this.#usage = chunk.usage;
    else if (chunk.type === 'thinking') this.#wasThinking = true;
    else if (chunk.type === 'text') {
      this.#firstAt ??= this.#now();
      this.#characters += chunk.text.length;
      if (this.#output.length < LONGEST_WORDS) this.#output += chunk.text;
    }
  }

  end(status: InferenceStatus, fault: LlmError | null = null): void {
    this.#status = status;
    this.#fault = fault;
  }

  /** The provider's counts, or an estimate. Zero for a refused call, which costs nothing. */
  #tokens(): Pick<InferenceRecord, 'inputTokens' | 'outputTokens' | 'tokensEstimated'> {
    if (this.#usage) {
      const { inputTokens, outputTokens } = this.#usage;
      return { inputTokens, outputTokens, tokensEstimated: false };
    }
    const { messages } = this.#request;
    const asked = messages.reduce((sum, { content }) => sum + content.length, 0);
    return this.#wasRefused
      ? { inputTokens: 0, outputTokens: 0, tokensEstimated: false }
      : { inputTokens: estimate(asked), outputTokens: estimate(this.#characters), tokensEstimated: true };
  }

  /** Whether the call failed before the first text or thought, and not by silence. */
  get #wasRefused(): boolean {
    const wasSilent = this.#fault?.code === 'TIMEOUT' || this.#fault?.code === 'NO_ANSWER';
    return this.#status === 'ERROR' && !wasSilent && this.#firstAt === null && !this.#wasThinking;
  }

  record(): InferenceRecord {
    const { model, messages, about } = this.#request;
    return {
      id: uuidv7(),
      tenant: about?.tenant ?? DEFAULT_TENANT,
      owner: about?.owner ?? null,
      conversationId: about?.conversationId ?? null,
      messageId: about?.turnId ?? null,
      model,
      provider: this.#provider,
      status: this.#status,
      latencyMs: Math.round(this.#now() - this.#begun),
      timeToFirstTokenMs: this.#firstAt === null ? null : Math.round(this.#firstAt - this.#begun),
      ...this.#tokens(),
      errorCode: this.#fault?.code ?? null,
      errorMessage: this.#fault ? bounded(this.#fault.message) : null,
      input: bounded(questionIn(messages)),
      output: this.#output === '' ? null : bounded(this.#output),
      at: this.#at,
    };
  }
}

function bounded(text: string): string {
  return text.slice(0, LONGEST_WORDS);
}

/** Four characters per token, the average of English. */
function estimate(characters: number): number {
  return Math.ceil(characters / 4);
}
