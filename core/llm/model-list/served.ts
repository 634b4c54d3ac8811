import { liteLlm } from './served-by-lite-llm.ts';
import { llamaCpp } from './served-by-llama-cpp.ts';
import { lmStudio } from './served-by-lm-studio.ts';
import { ollama } from './served-by-ollama.ts';

/** What a server's other endpoints say about a model. */
export interface Served {
  /** In tokens; undefined: it does not say. */
  contextWindow?: number | undefined;
  /** Where the number comes from, for the log. */
  source: string;
  isForChat?: boolean | undefined;
  /** Whether it is in memory already. */
  isLoaded?: boolean | undefined;
}

/** Requests a path outside of the OpenAI-compatible API; null: the server does not have it, or does not answer. */
export type AskServer = (path: string, body?: unknown) => Promise<unknown>;

export interface ServedSettings {
  /** OLLAMA_CONTEXT_LENGTH, else MODEL_CONTEXT_TOKENS. */
  localContext: number | undefined;
}

type Probe = (ask: AskServer, ids: readonly string[], settings: ServedSettings) => Promise<ServedById | null>;
export type ServedById = ReadonlyMap<string, Served>;

const PROBES: readonly Probe[] = [ollama, lmStudio, llamaCpp, liteLlm];

/**
 * Reads the context lengths from the endpoints of a server whose list does not state them. All known endpoints are tried
 * at once: a server answers 404 to those of others. Empty: it is not a known kind of server.
 */
export async function servedBy(
  ask: AskServer,
  ids: readonly string[],
  settings: ServedSettings,
): Promise<ServedById> {
  const found = await Promise.all(PROBES.map((probe) => probe(ask, ids, settings)));
  return found.find((served) => served !== null) ?? new Map();
}
