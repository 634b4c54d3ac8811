import type { ProviderSettings } from './provider.ts';
import type { ProxySettings } from './proxy.ts';

/** What the environment decides about models and the calls to them. Durations are milliseconds. */
export interface LlmSettings extends ProviderSettings, ModelSettings, CallSettings {
  /** On the way to models' servers. */
  readonly proxy: ProxySettings;
}

/** Which models are offered, and how much they take in. */
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
  /** How long a model may be silent before the call fails. */
  readonly llmTimeoutMs: number;
  /** How long signs of life, such as keep-alives of a server whose calls wait, put off that time limit at most. */
  readonly llmMaxWaitMs: number;
  /** How long the circuit breaker of a model stays open. */
  readonly modelRestMs: number;
}
