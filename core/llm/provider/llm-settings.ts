import type { ProviderSettings } from './provider.ts';
import type { ProxySettings } from './proxy.ts';

/** The settings of models and of calls to them. Durations are milliseconds. */
export interface LlmSettings extends ProviderSettings, ModelSettings, CallSettings {
  /** The proxies for requests to model servers. */
  readonly proxy: ProxySettings;
}

/** Which models are offered, and their context lengths. */
export interface ModelSettings {
  /** Unset: the first that is offered. */
  readonly defaultModel?: string | undefined;
  /** The path of a JSON file of models. Unset: what the server lists. */
  readonly modelsFile?: string | undefined;
  /** The context length, in tokens, of models whose server does not state one. */
  readonly modelContextTokens?: number | undefined;
  /** The context length, in tokens, that an Ollama server was started with. */
  readonly ollamaContextLength?: number | undefined;
}

/** How long a call to a model may take, and how its circuit breaker works. */
export interface CallSettings {
  /** How long a model may stay silent before the call fails. */
  readonly llmTimeoutMs: number;
  /** How long keep-alives, such as those of a server that queues calls, may extend that limit. */
  readonly llmMaxWaitMs: number;
  /** How long the circuit breaker of a model stays open. */
  readonly modelRestMs: number;
}
