import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Caller, hasScope } from '../../core/domain/caller.ts';
import type { ApiScope } from '../../core/domain/vocabulary.ts';
import { pathOf } from '../../core/http/path.ts';
import type { Models } from '../../core/llm/registry/models.ts';
import type { Log } from '../../core/telemetry/log.ts';
import { refusalCause } from '../graphql/refusal-cause.ts';
import type { Limits } from '../limits/limits.ts';
import { type Accounts, callerOf, endWithRight } from '../transport/authentication.ts';
import type { AddressOf } from '../transport/caller-address.ts';
import type { OtherApi } from '../transport/http.ts';
import { jsonRefusal } from '../transport/request-format.ts';
import { onResponseEnd } from '../transport/streams/response-end.ts';
import type { UnreadBytes } from '../transport/unread-bytes.ts';
import { boundUnread } from '../transport/unread-response.ts';
import { ApiError, writeError } from './api-error.ts';
import { chatRequestFrom } from './chat-request.ts';
import { type CompletionServices, completionOf } from './completion.ts';
import { type ConversationServices, conversationAnswer } from './conversation-answer.ts';
import { knownError, refused } from './error-kinds.ts';
import { listModels, shownModel, usableModel } from './models.ts';
import { readJson } from './read-body.ts';
import { writeStream, writeWhole } from './write-answer.ts';

const PREFIX = '/v1';
const COMPLETIONS = `${PREFIX}/chat/completions`;
const MODELS = `${PREFIX}/models`;
/** The header that names the conversation into which a message goes. */
const CONVERSATION_HEADER = 'x-taskflow-conversation';

export interface DoorOptions extends CompletionServices, ConversationServices {
  accounts: Accounts;
  limits: Limits;
  addressOf: AddressOf;
  unread: Pick<UnreadBytes, 'track'>;
}

interface RequestOptions extends DoorOptions {
  /** Logs what ended the request, and makes the error to answer it with. */
  errorOf: (error: unknown) => ApiError;
}

/** The server's API in the form of OpenAI's, so that any client of that one can call it: see docs/openai.md. */
export function openaiDoor(options: DoorOptions): OtherApi {
  return {
    has: (path) => path === PREFIX || path.startsWith(`${PREFIX}/`),
    async serve(request, response) {
      const left = new AbortController();
      onResponseEnd(request, response, () => left.abort());
      const begun = performance.now();
      let hasLine = false;
      const errorOf = (error: unknown) => {
        hasLine = true;
        return errorFor(error, options.log);
      };
      try {
        await answer(request, response, { ...options, errorOf }, left.signal);
      } catch (error) {
        // A caller who has left gets no answer, and what that stopped is no fault.
        if (!left.signal.aborted) writeError(response, errorOf(error));
      }
      if (hasLine) return;
      const ms = Math.round(performance.now() - begun);
      const outcome = left.signal.aborted ? 'aborted' : 'ok';
      options.log.info({ operation: operationAt(pathOf(request)), ms, outcome }, 'request done');
    },
    refuse: (response, refusal) => writeError(response, refused(refusal)),
  };
}

/** The name of an operation in the log: the path of a model is the caller's text. */
function operationAt(path: string): string {
  return path === COMPLETIONS ? 'chat.completions' : 'models';
}

/** Logs the one line of a request that is refused or has failed. */
function errorFor(error: unknown, log: Log): ApiError {
  const known = knownError(error);
  if (!known) log.error({ err: error }, 'a request failed');
  else {
    const { status } = known;
    const refusal = refusalCause(error) ?? { error: known.body.error.code, cause: `status ${status}` };
    log.info({ outcome: 'refused', status, ...refusal }, 'request refused');
  }
  return known ?? new ApiError(500, 'Something went wrong on our side.', { code: 'internal_error' });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: RequestOptions,
  signal: AbortSignal,
): Promise<void> {
  const { accounts, models } = options;
  const known = await callerOf(request.headers.authorization, accounts);
  if ('refusal' in known) throw refused(known.refusal);
  const { caller } = known;
  endWithRight(request, response, caller, accounts);
  boundUnread(response, caller, options.unread);
  const path = pathOf(request);
  if (path === COMPLETIONS) {
    requireCall(request, 'POST', caller, 'CONVERSATIONS_WRITE');
    return complete(request, response, caller, options, signal);
  }
  if (path !== MODELS && !path.startsWith(`${MODELS}/`)) throw unknownUrl(request);
  requireCall(request, 'GET', caller, 'CONVERSATIONS_READ');
  writeJson(response, path === MODELS ? listModels(models) : await modelAt(path, models));
}

async function complete(
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
  options: RequestOptions,
  signal: AbortSignal,
): Promise<void> {
  const { headers } = request;
  const refusal = jsonRefusal(headers, 'the request');
  if (refusal) throw refused(refusal);
  const chat = chatRequestFrom(await readJson(request));
  const conversation = headers[CONVERSATION_HEADER];
  const key = headers['idempotency-key'];
  const addressed = { conversation: String(conversation), key: typeof key === 'string' ? key : undefined };
  onResponseEnd(request, response, await beginAnswer(request, caller, options));
  const made =
    conversation === undefined
      ? completionOf(chat, caller, options, signal)
      : conversationAnswer(chat, addressed, caller, options, signal);
  if (!chat.stream) return writeWhole(response, await made);
  const { errorOf } = options;
  return writeStream(response, await made, { signal, includeUsage: chat.includeUsage, errorOf });
}

/** Counts an answer that a caller asks for. Returns what to call when it is over. @throws {RateLimitedError} */
async function beginAnswer(
  request: IncomingMessage,
  owner: Caller,
  { limits, addressOf }: DoorOptions,
): Promise<() => void> {
  const address = addressOf(request);
  const release =
    request.headers[CONVERSATION_HEADER] !== undefined
      ? await limits.beginSubscription({ owner, address, connection: null })
      : limits.beginCompletion(owner);
  try {
    await limits.countMutation('message', { owner, address });
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

/** The model that a path names: its id may have slashes, encoded or not. */
async function modelAt(path: string, models: Models) {
  let id = path.slice(MODELS.length + 1);
  try {
    id = decodeURIComponent(id);
  } catch {
    // Not an encoded text, so it is the id as it is.
  }
  return shownModel(await usableModel(models, id));
}

/** @throws {ApiError} 405 when the method is another, 403 when an API token does not have the scope */
function requireCall(
  request: IncomingMessage,
  method: 'GET' | 'POST',
  caller: Caller,
  scope: ApiScope,
): void {
  if (request.method !== method && !(method === 'GET' && request.method === 'HEAD')) {
    const message = `${pathOf(request)} is called with ${method}.`;
    throw new ApiError(405, message, { code: 'method_not_allowed', headers: { allow: method } });
  }
  if (hasScope(caller, scope)) return;
  throw new ApiError(403, `This needs the scope ${scope}.`, { code: 'missing_scope' });
}

function unknownUrl(request: IncomingMessage): ApiError {
  const message = `There is nothing at ${request.method} ${pathOf(request).slice(0, 200)}: this server has ${COMPLETIONS} and ${MODELS}.`;
  return new ApiError(404, message, { code: 'unknown_url' });
}

function writeJson(response: ServerResponse, value: object): void {
  const body = JSON.stringify(value);
  const length = Buffer.byteLength(body);
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': length });
  response.end(body);
}
