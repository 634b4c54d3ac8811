import { startDemoModel } from '@taskflow/demo-model';
import type { Endpoint } from '../provider/endpoint.ts';
import { createLlm, type Llm } from './client.ts';

/** A client of a model server, and the demo model if this process runs it. */
export interface LlmConnection {
  readonly llm: Llm;
  /** Stops the built-in demo if it was started. Idempotent. */
  close(): Promise<void>;
}

/** Connects to the server that `endpoint` returns at the time of each call; null: starts the demo on a loopback port. */
export async function connectLlm(
  endpoint: () => Endpoint | null,
  options: { timeoutMs?: number; maxWaitMs?: number } = {},
): Promise<LlmConnection> {
  const first = endpoint();
  if (first) return { llm: llmAt(() => endpoint() ?? first, options), close: async () => {} };
  const demo = await startDemoModel();
  return {
    llm: createLlm({ provider: 'demo', baseURL: demo.baseURL, ...options }),
    close: () => demo.close(),
  };
}

/** The address may change while the process runs: see `listModels`. */
function llmAt(endpoint: () => Endpoint, options: { timeoutMs?: number; maxWaitMs?: number }): Llm {
  let at = endpoint();
  let llm = createLlm({ ...at, ...options });
  return {
    provider: llm.provider,
    stream(request) {
      const now = endpoint();
      if (now !== at) llm = createLlm({ ...now, ...options });
      at = now;
      return llm.stream(request);
    },
  };
}
