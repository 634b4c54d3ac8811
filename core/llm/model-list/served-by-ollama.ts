import { entriesIn, fieldsIn, stringsIn, tokensIn } from './list-entry.ts';
import type { AskServer, Served, ServedById, ServedSettings } from './served.ts';

/**
 * Ollama's default context length, in tokens; it is larger on a large graphics card. Ollama cuts a longer prompt without
 * an error, the system message first. So this value is used, not the model's own context length.
 */
const OLLAMA_DEFAULT = 4_096;

/** At most this many models are requested one by one. */
const MOST_ASKED = 40;

/**
 * Reads the context lengths that Ollama serves: that of `/api/ps` for a model in memory; else `num_ctx` of its Modelfile,
 * else the setting, else the default, and never more than the trained context.
 */
export async function ollama(
  ask: AskServer,
  ids: readonly string[],
  { localContext }: ServedSettings,
): Promise<ServedById | null> {
  const running = fieldsIn(await ask('/api/ps')).models;
  if (!Array.isArray(running)) return null;
  const loaded = new Map(entriesIn(running).map((it) => [it.model ?? it.name, tokensIn(it.context_length)]));
  const shown = await Promise.all(ids.slice(0, MOST_ASKED).map((model) => ask('/api/show', { model })));
  return new Map(
    ids.map((id, at) => {
      const show = fieldsIn(shown[at]);
      const isLoaded = loaded.has(id);
      const served = loaded.get(id);
      const window = served
        ? { contextWindow: served, source: 'loaded by Ollama' }
        : unloaded(show, localContext);
      return [id, { ...window, isLoaded, isForChat: talks(show) } satisfies Served];
    }),
  );
}

function unloaded(show: Record<string, unknown>, localContext: number | undefined): Served {
  const trained = trainedFor(show);
  // A model that Ollama's own service runs gets its full context.
  if (show.remote_host && trained) return { contextWindow: trained, source: "run by Ollama's service" };
  const own = /^num_ctx\s+(\d+)/m.exec(String(show.parameters ?? ''))?.[1];
  const wanted = tokensIn(own) ?? localContext ?? OLLAMA_DEFAULT;
  const source = own ? 'num_ctx of its Modelfile' : localContext ? 'setting' : "Ollama's default";
  return { contextWindow: Math.min(wanted, trained ?? wanted), source };
}

/** The key begins with the architecture's name, such as `llama.context_length`. */
function trainedFor({ model_info }: Record<string, unknown>): number | undefined {
  const [, tokens] =
    Object.entries(fieldsIn(model_info)).find(([name]) => name.endsWith('.context_length')) ?? [];
  return tokensIn(tokens);
}

function talks({ capabilities }: Record<string, unknown>): boolean | undefined {
  const known = stringsIn(capabilities);
  return known.length === 0 ? undefined : known.includes('completion');
}
