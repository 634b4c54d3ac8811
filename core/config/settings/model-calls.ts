import { duration, integer } from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

/** What a call to a model contains, and how long it may take. */
export const modelCalls = {
  llmTimeoutMs: setting(duration, {
    variable: 'LLM_TIMEOUT_MS',
    default: '60000',
    decides: 'How long a model may stay silent before the call fails.',
  }),
  llmMaxWaitMs: setting(duration, {
    variable: 'LLM_MAX_WAIT_MS',
    default: '600000',
    decides: 'How long keep-alives of a model server may extend `LLM_TIMEOUT_MS`.',
  }),
  modelRestMs: setting(duration, {
    variable: 'MODEL_REST_MS',
    default: '30000',
    decides:
      'How long the circuit breaker of a model stays open after five failures in a row. Meanwhile its fallback answers.',
  }),
  contextMessages: setting(integer(1, 1_000), {
    variable: 'CONTEXT_MESSAGES',
    default: '20',
    decides: 'How many of the latest messages a model receives, as far as they fit into its context window.',
  }),
  tokenWarningThreshold: setting(integer(1, 10_000_000, 'tokens'), {
    variable: 'TOKEN_WARNING_THRESHOLD',
    default: '8000',
    decides: 'A longer prompt is logged as a warning (`token-guard`). The call continues.',
  }),
};
