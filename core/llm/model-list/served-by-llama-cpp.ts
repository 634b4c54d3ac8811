import { fieldsIn, tokensIn } from './list-entry.ts';
import type { AskServer, ServedById } from './served.ts';

/** Reads the context of each slot of llama.cpp's server: `/props`. Its list states only the trained context. */
export async function llamaCpp(ask: AskServer, ids: readonly string[]): Promise<ServedById | null> {
  const { default_generation_settings, n_ctx } = fieldsIn(await ask('/props'));
  const contextWindow = tokensIn(fieldsIn(default_generation_settings).n_ctx ?? n_ctx);
  if (contextWindow === undefined) return null;
  return new Map(ids.map((id) => [id, { contextWindow, source: 'served by llama.cpp', isLoaded: true }]));
}
