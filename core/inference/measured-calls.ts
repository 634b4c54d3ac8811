import type { Metrics } from '../telemetry/metrics.ts';
import type { InferenceRecord } from './inference-record.ts';

export type CallMetrics = Pick<
  Metrics,
  'llmRequests' | 'llmErrors' | 'llmLatency' | 'llmTimeToFirstToken' | 'llmTokens'
>;

/** Counts an ended call to a model, under the label that `labelOf` returns for it. */
export function measureCall(
  metrics: CallMetrics,
  labelOf: (model: string) => string,
  record: InferenceRecord,
): void {
  const { provider, status, errorCode, latencyMs, timeToFirstTokenMs, inputTokens, outputTokens } = record;
  const model = labelOf(record.model);
  metrics.llmRequests.inc({ model, provider, status });
  if (errorCode) metrics.llmErrors.inc({ model, code: errorCode });
  if (status !== 'ABORTED') metrics.llmLatency.observe({ model }, latencyMs);
  if (timeToFirstTokenMs !== null) metrics.llmTimeToFirstToken.observe({ model }, timeToFirstTokenMs);
  metrics.llmTokens.inc({ model, direction: 'input' }, inputTokens);
  metrics.llmTokens.inc({ model, direction: 'output' }, outputTokens);
}
