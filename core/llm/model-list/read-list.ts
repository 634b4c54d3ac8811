import { knownModel } from '../models/known-models.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import { isForChat } from './is-for-chat.ts';
import { listModels, type ServerList } from './list-models.ts';
import { type ListedModel, listedModel } from './listed-model.ts';
import { readJson } from './read-json.ts';
import { type AskServer, type ServedById, servedBy } from './served.ts';
import { statedContext } from './stated-context.ts';

export interface ListSettings {
  /** MODEL_CONTEXT_TOKENS. */
  contextTokens?: number | undefined;
  /** OLLAMA_CONTEXT_LENGTH. */
  ollamaContext?: number | undefined;
}

/** A server's models for conversations. */
export interface ModelList {
  /** With the base URL under which the list was found, which may differ from the configured one. */
  endpoint: Endpoint;
  /** In the server's order. */
  models: readonly ListedModel[];
}

/**
 * Reads a server's models for conversations and their context lengths.
 *
 * @throws {ListFault} if there is no list to read
 */
export async function readModelList(
  endpoint: Endpoint,
  settings: ListSettings,
  signal: AbortSignal,
): Promise<ModelList> {
  const list = await listModels(endpoint, signal);
  const entries = list.entries.filter(({ id, entry }) => isForChat(entry, id) && isOffered(endpoint, id));
  const served = await servedOf({ ...list, entries }, settings, signal);
  const options = { host: new URL(endpoint.baseURL).host, contextTokens: settings.contextTokens };
  const models = entries
    .filter(({ id }) => served.get(id)?.isForChat !== false)
    .map(({ id, entry }) => listedModel(id, entry, served.get(id), options));
  return { endpoint: list.endpoint, models };
}

/** OpenAI lists models of all kinds: only those that are known to be for chats are offered. */
function isOffered({ provider }: Endpoint, id: string): boolean {
  return provider !== 'openai' || (knownModel(id) !== undefined && !NOT_FOR_CHAT.test(id));
}

/** Models that only OpenAI's Responses API serves, and dated versions of models that it also lists without a date. */
const NOT_FOR_CHAT = /codex|deep-research|computer-use|-pro($|-)|-\d{4}-\d\d-\d\d$|-\d{4}(-preview)?$|-16k$/;

/** Hosted services, which have no endpoint beside the list. */
const HOSTED = /^https:\/\/[^/]*\.(googleapis|anthropic|deepseek|groq)\.com\b|\.mistral\.ai\b/;

/** The longest wait for an answer of a server's other endpoints, in milliseconds. */
const OTHER_ENDPOINTS_MS = 3_000;

async function servedOf(
  { endpoint, entries }: ServerList,
  settings: ListSettings,
  signal: AbortSignal,
): Promise<ServedById> {
  const isSilent = entries.some(({ entry }) => !statedContext(entry));
  if (!isSilent || endpoint.provider !== 'custom' || HOSTED.test(endpoint.baseURL)) return new Map();
  const root = endpoint.baseURL.replace(/\/(api\/)?v\d+$/, '');
  const ask: AskServer = (path, body) =>
    readJson(endpoint, `${root}${path}`, { signal, body, timeoutMs: OTHER_ENDPOINTS_MS }).catch(() => null);
  const localContext = settings.ollamaContext ?? settings.contextTokens;
  return servedBy(
    ask,
    entries.map(({ id }) => id),
    { localContext },
  );
}
