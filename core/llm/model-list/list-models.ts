import { LONGEST_NAME } from '../../inference/inference-record.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import { entriesIn, fieldsIn, type ListEntry } from './list-entry.ts';
import { ListFault } from './list-fault.ts';
import { readJson } from './read-json.ts';

/** The most models that are offered of a list; the rest is left out. */
const MOST_MODELS = 1_000;

/** A server's list of models, and where it was found. */
export interface ServerList {
  /** With the base URL under which the list was found. */
  endpoint: Endpoint;
  /** Ids are unique, have no white space and at most {@link LONGEST_NAME} characters. */
  entries: readonly { id: string; entry: ListEntry }[];
}

/**
 * Asks a server for its models: GET `{baseURL}/models`. If that is not a list, common other base URLs of the same server
 * are tried, and the first one with a list is used.
 *
 * @throws {ListFault} of the configured base URL
 */
export async function listModels(endpoint: Endpoint, signal: AbortSignal): Promise<ServerList> {
  try {
    return await listAt(endpoint, signal);
  } catch (fault) {
    const found = fault instanceof ListFault && fault.answered ? await listElsewhere(endpoint, signal) : null;
    if (!found) throw fault;
    return found;
  }
}

async function listElsewhere(endpoint: Endpoint, signal: AbortSignal): Promise<ServerList | null> {
  for (const baseURL of otherBases(endpoint.baseURL)) {
    const other = { ...endpoint, baseURL };
    const found = await listAt(other, signal).catch(() => null);
    if (found) return found;
  }
  return null;
}

/** The base paths of most servers; of gateways; of Groq and Azure; of Gemini. */
const COMMON_PATHS = ['/v1', '/api/v1', '/openai/v1', '/v1beta/openai'];

function otherBases(baseURL: string): readonly string[] {
  const { origin, pathname } = new URL(baseURL);
  if (pathname === '/') return COMMON_PATHS.map((path) => `${origin}${path}`);
  // The last one is for Ollama, whose own API is at /api.
  return /\/v\d/.test(pathname) ? [] : [`${baseURL}/v1`, `${origin}/v1`];
}

async function listAt(endpoint: Endpoint, signal: AbortSignal): Promise<ServerList> {
  const url = `${endpoint.baseURL}/models`;
  const answer = await readJson(endpoint, url, { signal });
  // Together answers with a bare array, and Ollama with `null` if it has no model.
  const rows = Array.isArray(answer) ? answer : fieldsIn(answer).data;
  const isEmpty = rows === null && fieldsIn(answer).object === 'list';
  if (!Array.isArray(rows) && !isEmpty) {
    throw new ListFault(`${url} answers, but not with a list of models: is OPENAI_BASE_URL right?`, {
      answered: true,
    });
  }
  return { endpoint, entries: named(entriesIn(rows), endpoint) };
}

function named(rows: readonly ListEntry[], endpoint: Endpoint): ServerList['entries'] {
  const byId = new Map<string, ListEntry>();
  for (const entry of rows) {
    const id = idIn(entry, endpoint);
    if (id !== undefined && !byId.has(id)) byId.set(id, entry);
    if (byId.size === MOST_MODELS) break;
  }
  // vLLM states the length of an adapter's base model only.
  return [...byId].map(([id, entry]) => ({
    id,
    entry: { ...byId.get(String(entry.parent)), ...defined(entry) },
  }));
}

function defined(entry: ListEntry): ListEntry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}

/** Gemini lists ids with the prefix `models/`, and accepts them without it. */
function idIn({ id }: ListEntry, { baseURL }: Endpoint): string | undefined {
  if (typeof id !== 'string' || !/^[^\s\p{C}]+$/u.test(id) || id.length > LONGEST_NAME) return undefined;
  return baseURL.includes('generativelanguage') ? id.replace(/^models\//, '') : id;
}
