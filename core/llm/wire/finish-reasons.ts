import type { ModelErrorCode } from '../../domain/vocabulary.ts';

/*
 * Finish reasons of servers, compared in lower case: those of OpenAI, Gemini (in capitals, as gateways pass them on),
 * Mistral, DeepSeek, Anthropic, Zhipu and vLLM.
 */

const BLOCKED: ReadonlySet<string> = new Set([
  ...[
    'content_filter',
    'content-filter',
    'content_filtered',
    'refusal',
    'blocked',
    'sensitive',
    'moderation',
  ],
  ...['safety', 'image_safety', 'prohibited_content', 'recitation', 'blocklist', 'spii', 'model_armor'],
  ...['image_prohibited_content', 'image_recitation', 'guardrail_intervened'],
]);
const BROKEN: ReadonlySet<string> = new Set([
  ...['error', 'insufficient_system_resource', 'network_error', 'internal_error', 'server_error'],
  ...['engine_error', 'abort', 'aborted', 'cancelled', 'canceled', 'unavailable'],
]);
const LENGTH: ReadonlySet<string> = new Set([
  ...['length', 'max_tokens', 'max_output_tokens', 'max_completion_tokens', 'model_length', 'token_limit'],
  'model_context_window_exceeded',
]);

/** The fault that a finish reason names; null if the answer ended normally. */
export function faultOfFinish(reason: string): ModelErrorCode | null {
  // The provider's own name may follow a colon: `content_filter: PROHIBITED_CONTENT`.
  const name = reason.toLowerCase().replace(/:.*/s, '');
  if (BLOCKED.has(name)) return 'CONTENT_BLOCKED';
  return BROKEN.has(name) ? 'SERVICE_UNAVAILABLE' : null;
}

/** Whether the model stopped at its limit of tokens before the end of its answer. */
export function isTruncating(reason: string | null): boolean {
  return reason !== null && LENGTH.has(reason.toLowerCase());
}
