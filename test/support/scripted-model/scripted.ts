import { setTimeout as delay } from 'node:timers/promises';
import { BadRequest, type ChatRequest, type ChatServer, startChatServer } from '@taskflow/demo-model';
import { BUILT_IN_MODELS } from '../../../core/llm/models/built-in-models.ts';
import { type Chunk, play, type Script } from './chunks.ts';
import { Mailbox } from './mailbox.ts';
import { ScriptedRequest } from './scripted-request.ts';

/** An upstream whose answers a test dictates, chunk by chunk, over real HTTP. */
export interface ScriptedUpstream extends ChatServer {
  /** Every request, in order, answered or not. */
  readonly requests: readonly ChatRequest[];
  /** The oldest request that was not taken yet, as soon as there is one. Rejects when the upstream is closed or cleared. */
  nextRequest(): Promise<ScriptedRequest>;
  /** From now on requests are answered automatically, also those that wait to be taken; null: they wait again. */
  answerAll(answer: AutoAnswer | null, options?: AutoAnswerOptions): void;
  /**
   * Empties `requests`, which would fill the memory in a run of hours. What waits to be taken, and who waits for a request,
   * waits no more: a test begins without what the one before it has left.
   */
  clearRequests(): void;
  /** Whether automatic answers are cut off from now on, after their next chunk. */
  cutAll(isCut: boolean): void;
}

/** A text, or a function of the request that returns one. */
type AutoAnswer = string | ((request: ChatRequest) => string);

interface AutoAnswerOptions {
  /** Characters in a chunk; unset: all in one. */
  chunkSize?: number;
  /** Delay before each chunk, in milliseconds; unset: none. */
  delayMs?: number;
  /** Called with each request whose answer was cut off. */
  onCut?: (request: ChatRequest) => void;
}

/** Without `models` it accepts every model and lists the built-in ones, as a gateway to all of them would. */
export async function startScriptedUpstream(
  options: { models?: readonly string[] } = {},
): Promise<ScriptedUpstream> {
  const requests: ChatRequest[] = [];
  const waiting = new Mailbox<ScriptedRequest>();
  let auto: Script | null = null;
  let isCut = false;
  const upstream = await startChatServer({
    models: options.models ?? BUILT_IN_MODELS.map(({ id }) => id),
    answer(request, completion, signal) {
      if (options.models && !options.models.includes(request.model))
        throw new BadRequest(404, `The model \`${request.model}\` does not exist`, 'model_not_found');
      requests.push(request);
      if (auto) return play(auto(request, signal), completion);
      const scripted = new ScriptedRequest(request, signal);
      waiting.put(scripted);
      return play(scripted.chunks(), completion);
    },
  });
  return {
    baseURL: upstream.baseURL,
    requests,
    async nextRequest() {
      const request = await waiting.take();
      if (!request)
        throw new Error('the scripted upstream was closed or cleared while a request was awaited');
      return request;
    },
    answerAll(answer, pace) {
      auto = answer === null ? null : autoAnswerer(answer, pace ?? {}, () => isCut);
      if (auto) for (const request of waiting.empty()) void request.answerBy(auto);
    },
    clearRequests() {
      requests.length = 0;
      waiting.empty();
      waiting.endTakes();
    },
    cutAll(to) {
      isCut = to;
    },
    close() {
      waiting.close();
      return upstream.close();
    },
  };
}

function autoAnswerer(
  answer: AutoAnswer,
  { chunkSize, delayMs, onCut }: AutoAnswerOptions,
  isCut: () => boolean,
): Script {
  return async function* (request, signal): AsyncGenerator<Chunk> {
    const text = typeof answer === 'string' ? answer : answer(request);
    const size = chunkSize ?? Math.max(1, text.length);
    for (let at = 0; at < text.length && !signal.aborted; at += size) {
      if (delayMs) await delay(delayMs, undefined, { signal }).catch(() => {});
      yield { type: 'text', text: text.slice(at, at + size) };
      if (!isCut()) continue;
      onCut?.(request);
      yield { type: 'cut' };
    }
  };
}
