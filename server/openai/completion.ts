import { v7 as uuidv7 } from 'uuid';
import { type Owner, ownerOf } from '../../core/domain/owner.ts';
import type { ModelHealth } from '../../core/live/model-health/model-health.ts';
import type { Llm, LlmRequest } from '../../core/llm/calls/client.ts';
import { classifyLlmError, LlmError } from '../../core/llm/errors/errors.ts';
import type { Models } from '../../core/llm/registry/models.ts';
import type { Log } from '../../core/telemetry/log.ts';
import type { Budget } from '../limits/budget.ts';
import type { Answer, Piece } from './answer.ts';
import { ApiError } from './api-error.ts';
import type { ChatRequest } from './chat-request.ts';
import { modelFailure, retryAfter } from './error-kinds.ts';
import { usableModel } from './models.ts';

export interface CompletionServices {
  models: Models;
  modelHealth: Pick<ModelHealth, 'allowRequest'>;
  llm: Llm;
  budget: Pick<Budget, 'admission'>;
  /** How long the circuit breaker of a model stays open, in milliseconds. */
  restMs: number;
  log: Log;
}

/**
 * Has a model answer the messages of a request, and stores nothing but the record of the call. `signal` stops the model.
 * @throws {BudgetExceededError}
 * @throws {ApiError} 404 for a model that cannot be used, 503 while its circuit breaker is open
 */
export async function completionOf(
  { model: id, messages, maxTokens, stop }: ChatRequest,
  caller: Owner,
  services: CompletionServices,
  signal: AbortSignal,
): Promise<Answer> {
  const model = await usableModel(services.models, id);
  await services.budget.admission(caller)?.();
  // The last thing before the call: it may use up the one probe of a half-open breaker.
  if (!(await services.modelHealth.allowRequest(model.id))) throw modelRests(model.id, services.restMs);
  const request: LlmRequest = {
    ...{ model: model.id, messages, stop, signal },
    ...(maxTokens !== undefined && { maxTokens }),
    about: { ...ownerOf(caller), conversationId: null, turnId: null },
  };
  return { id: `chatcmpl-${uuidv7()}`, model: model.id, pieces: piecesOf(request, services) };
}

async function* piecesOf(request: LlmRequest, { llm, log }: CompletionServices): AsyncGenerator<Piece> {
  try {
    for await (const chunk of llm.stream(request)) if (chunk.type !== 'thinking') yield chunk;
  } catch (error) {
    if (request.signal.aborted) throw error;
    const aborted = 'the model has aborted its answer';
    const fault = classifyLlmError(error) ?? new LlmError('SERVICE_UNAVAILABLE', aborted);
    const { code, status } = fault;
    log.warn({ code, status, model: request.model }, 'the model failed');
    log.debug({ err: fault }, 'error of the model');
    throw modelFailure(fault);
  }
}

function modelRests(id: string, restMs: number): ApiError {
  const message = `The model ${JSON.stringify(id)} has failed repeatedly and is not called for a while. Try again later, or choose another model.`;
  return new ApiError(503, message, {
    ...{ code: 'model_unavailable', param: 'model' },
    headers: retryAfter(restMs),
  });
}
