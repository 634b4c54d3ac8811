import { liteLlm } from './served-by-lite-llm.ts';
import { llamaCpp } from './served-by-llama-cpp.ts';
import { lmStudio } from './served-by-lm-studio.ts';
import { ollama } from './served-by-ollama.ts';

/** What a server says of a model beside its list. */
export interface Served {
  /** In tokens; undefined: it does not say. */
  contextWindow?: number | undefined;
  /** Where the number comes from, for the log. */
  source: string;
  isForChat?: boolean | undefined;
  /** Whether it is in memory already. */
  isLoaded?: boolean | undefined;
}

/** Asks the server for a path of its own, beside its OpenAI-compatible ones; null: it has none, or no answer. */
export type AskServer = (path: string, body?: unknown) => Promise<unknown>;

export interface ServedSettings {
  /** OLLAMA_CONTEXT_LENGTH, else MODEL_CONTEXT_TOKENS. */
  localContext: number | undefined;
}

type Probe = (ask: AskServer, ids: readonly string[], settings: ServedSettings) => Promise<ServedById | null>;
export type ServedById = ReadonlyMap<string, Served>;

const PROBES: readonly Probe[] = [ollama, lmStudio, llamaCpp, liteLlm];

/**
 * What a server that does not state context lengths in its list says of them in its own way. All known ways are tried at
 * once: a server answers 404 to those that are not its own. Empty: it is none of the known servers.
 */
export async function servedBy(
  ask: AskServer,
  ids: readonly string[],
  settings: ServedSettings,
): Promise<ServedById> {
  const found = await Promise.all(PROBES.map((probe) => probe(ask, ids, settings)));
  return found.find((served) => served !== null) ?? new Map();
}
