import { createLlm, type Llm } from './client.ts';
import type { Provider } from './provider.ts';
import { startDemoUpstream } from './upstream/demo.ts';

/** A way to models with what it stands on. */
export interface LlmConnection {
  readonly llm: Llm;
  /** Stops the built-in demo if it was started. Idempotent. */
  close(): Promise<void>;
}

/** Makes the way to the chosen provider's models; for the demo, starts it on a loopback port first. */
export async function connectLlm(
  provider: Provider,
  options: { timeoutMs?: number; maxWaitMs?: number } = {},
): Promise<LlmConnection> {
  if (provider.provider !== 'demo') {
    return { llm: createLlm({ ...provider, ...options }), close: async () => {} };
  }
  const demo = await startDemoUpstream();
  return {
    llm: createLlm({ provider: 'demo', baseURL: demo.baseURL, ...options }),
    close: () => demo.close(),
  };
}
