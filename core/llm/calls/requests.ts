import type OpenAI from 'openai';
import type { Endpoint } from '../provider/endpoint.ts';
import { openaiClient, StatusError } from '../provider/openai-client.ts';
import type { LlmRequest } from './client.ts';

/** Sends requests for answers to one server, and remembers which option the server refuses. */
export class Requests {
  readonly #client: OpenAI;
  readonly #endpoint: Endpoint;
  /** Whether the server has refused a request for token counts. */
  #refusesUsage = false;

  constructor(endpoint: Endpoint, headersTimeoutMs: number) {
    this.#client = openaiClient(endpoint, headersTimeoutMs);
    this.#endpoint = endpoint;
  }

  /**
   * Resolves with the response when its headers have arrived.
   *
   * @throws {StatusError} when the server refuses, and the library's network errors.
   */
  async send(request: LlmRequest, signal: AbortSignal): Promise<Response> {
    const wantsUsage = !this.#refusesUsage;
    try {
      return await this.#post(request, wantsUsage, signal);
    } catch (error) {
      if (!wantsUsage || !refusesStreamOptions(error)) throw error;
      const response = await this.#post(request, false, signal);
      // Only now is it certain: a refusal for another reason may quote the whole request.
      this.#refusesUsage = true;
      return response;
    }
  }

  #post(request: LlmRequest, wantsUsage: boolean, signal: AbortSignal): Promise<Response> {
    const { model, messages, maxTokens, stop } = request;
    const { provider, body } = this.#endpoint;
    const isOpenai = provider === 'openai';
    return this.#client.chat.completions
      .create(
        {
          ...body,
          model: isOpenai ? model.replace(/^openai\//, '') : model,
          messages: [...messages],
          stream: true,
          ...(wantsUsage && { stream_options: { include_usage: true } }),
          ...(stop?.length && { stop: [...stop] }),
          // OpenAI's newer models refuse max_tokens; other servers know no other name.
          ...(maxTokens !== undefined &&
            (isOpenai ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens })),
        },
        { signal },
      )
      .asResponse();
  }
}

/** Servers that do not know the option say so by its name: Azure's older versions, Mistral's, some gateways. */
function refusesStreamOptions(error: unknown): boolean {
  if (!(error instanceof StatusError) || (error.status !== 400 && error.status !== 422)) return false;
  return /stream_options|include_usage/.test(JSON.stringify(error.body) ?? '');
}
