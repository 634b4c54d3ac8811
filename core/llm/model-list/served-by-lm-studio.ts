import { entriesIn, fieldsIn, type ListEntry, tokensIn } from './list-entry.ts';
import type { AskServer, Served, ServedById, ServedSettings } from './served.ts';

/** The context length with which LM Studio loads a model unless its settings say otherwise, in tokens. */
const LM_STUDIO_DEFAULT = 4_096;

/** Reads LM Studio's own list: `/api/v0/models`. */
export async function lmStudio(
  ask: AskServer,
  _ids: readonly string[],
  { localContext }: ServedSettings,
): Promise<ServedById | null> {
  const listed = entriesIn(fieldsIn(await ask('/api/v0/models')).data).filter(
    ({ state }) => state !== undefined,
  );
  if (listed.length === 0) return null;
  return new Map(listed.map((entry) => [String(entry.id), servedAs(entry, localContext)]));
}

function servedAs(entry: ListEntry, localContext: number | undefined): Served {
  const isForChat = entry.type !== 'embeddings';
  const loaded = tokensIn(entry.loaded_context_length);
  if (loaded) return { contextWindow: loaded, source: 'loaded by LM Studio', isLoaded: true, isForChat };
  const most = tokensIn(entry.max_context_length) ?? Number.POSITIVE_INFINITY;
  return {
    contextWindow: Math.min(localContext ?? LM_STUDIO_DEFAULT, most),
    source: localContext ? 'setting' : "LM Studio's default",
    isLoaded: entry.state === 'loaded',
    isForChat,
  };
}
