import { type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  GEN_AI_OPERATION_NAME_VALUE_CHAT,
} from '@opentelemetry/semantic-conventions/incubating';
import { classifyLlmError } from '../errors/errors.ts';
import type { Llm, LlmChunk, LlmRequest } from './client.ts';

/**
 * Creates a span for every call to a model, named by OpenTelemetry's conventions for generative AI. Spans do not contain
 * the messages or the answer.
 */
export function withSpans(llm: Llm, tracer: Tracer): Llm {
  return {
    provider: llm.provider,
    async *stream(request) {
      const span = startSpan(llm, request, tracer);
      const begun = performance.now();
      let heard = false;
      try {
        for await (const chunk of llm.stream(request)) {
          if (chunk.type === 'end') noteEnd(span, chunk);
          else if (!heard) noteFirst(span, performance.now() - begun);
          heard = true;
          yield chunk;
        }
      } catch (error) {
        const fault = request.signal.aborted ? null : classifyLlmError(error);
        if (fault) {
          span.setAttribute(ATTR_ERROR_TYPE, fault.code);
          span.setStatus({ code: SpanStatusCode.ERROR, message: fault.code });
        }
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

function startSpan({ provider }: Llm, { model, maxTokens, about }: LlmRequest, tracer: Tracer): Span {
  return tracer.startSpan(`${GEN_AI_OPERATION_NAME_VALUE_CHAT} ${model}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_CHAT,
      [ATTR_GEN_AI_PROVIDER_NAME]: provider,
      [ATTR_GEN_AI_REQUEST_MODEL]: model,
      [ATTR_GEN_AI_REQUEST_STREAM]: true,
      ...(maxTokens !== undefined && { [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: maxTokens }),
      ...(about?.conversationId && { [ATTR_GEN_AI_CONVERSATION_ID]: about.conversationId }),
    },
  });
}

/** The conventions count in seconds. */
function noteFirst(span: Span, ms: number): void {
  span.setAttribute(ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, ms / 1_000);
}

function noteEnd(span: Span, { usage, finishReason }: Extract<LlmChunk, { type: 'end' }>): void {
  if (finishReason) span.setAttribute(ATTR_GEN_AI_RESPONSE_FINISH_REASONS, [finishReason]);
  if (!usage) return;
  span.setAttributes({
    [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: usage.inputTokens,
    [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: usage.outputTokens,
  });
}
