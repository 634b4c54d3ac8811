import { entriesIn, fieldsIn, tokensIn } from './list-entry.ts';
import type { AskServer, Served, ServedById } from './served.ts';

/** Reads what a LiteLLM proxy knows of the models behind it: `/model/info`. */
export async function liteLlm(ask: AskServer): Promise<ServedById | null> {
  const known = entriesIn(fieldsIn(await ask('/model/info')).data).filter(({ model_info }) => model_info);
  if (known.length === 0) return null;
  const byId = new Map<string, Served>();
  for (const { model_name, model_info } of known) {
    const id = String(model_name);
    const { max_input_tokens, max_tokens, mode } = fieldsIn(model_info);
    const contextWindow = smallest(byId.get(id)?.contextWindow, tokensIn(max_input_tokens ?? max_tokens));
    const isForChat = typeof mode === 'string' ? /^(chat|completion|responses)$/.test(mode) : undefined;
    byId.set(id, { contextWindow, source: 'known to LiteLLM', isForChat });
  }
  return byId;
}

/** Several models can share a name; LiteLLM chooses between them. */
function smallest(...windows: (number | undefined)[]): number | undefined {
  const known = windows.filter((window) => window !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
