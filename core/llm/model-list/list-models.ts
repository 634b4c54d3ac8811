import { LONGEST_NAME } from '../../inference/inference-record.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import { entriesIn, fieldsIn, type ListEntry } from './list-entry.ts';
import { ListFault } from './list-fault.ts';
import { readJson } from './read-json.ts';

/** How many models of a list are offered at most; the rest is left out. */
export const MOST_MODELS = 1_000;

/** What a server lists, and where it was found. */
export interface ServerList {
  /** With the base URL under which the list was found. */
  endpoint: Endpoint;
  /** Ids are unique, have no white space and at most {@link LONGEST_NAME} characters. */
  entries: readonly { id: string; entry: ListEntry }[];
}

/**
 * Asks a server for its models: GET `{baseURL}/models`. Where that is no list and a common other base on the same server
 * has one, that base is the right one.
 *
 * @throws {ListFault} of the base URL as it was given
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

/** Most servers; then gateways, Groq and Azure, Gemini. */
const COMMON_PATHS = ['/v1', '/api/v1', '/openai/v1', '/v1beta/openai'];

function otherBases(baseURL: string): readonly string[] {
  const { origin, pathname } = new URL(baseURL);
  if (pathname === '/') return COMMON_PATHS.map((path) => `${origin}${path}`);
  // The last one: Ollama's own API is at /api.
  return /\/v\d/.test(pathname) ? [] : [`${baseURL}/v1`, `${origin}/v1`];
}

async function listAt(endpoint: Endpoint, signal: AbortSignal): Promise<ServerList> {
  const url = `${endpoint.baseURL}/models`;
  const answer = await readJson(endpoint, url, { signal });
  // Together answers with the bare array, and Ollama with `null` where it has no model.
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
  // vLLM states the length of an adapter's model only.
  return [...byId].map(([id, entry]) => ({
    id,
    entry: { ...byId.get(String(entry.parent)), ...defined(entry) },
  }));
}

function defined(entry: ListEntry): ListEntry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}

/** Gemini lists `models/…`, and takes its ids without that, too. */
function idIn({ id }: ListEntry, { baseURL }: Endpoint): string | undefined {
  if (typeof id !== 'string' || !/^[^\s\p{C}]+$/u.test(id) || id.length > LONGEST_NAME) return undefined;
  return baseURL.includes('generativelanguage') ? id.replace(/^models\//, '') : id;
}
