import { createRedact } from '@taskflow/redaction';
import { expect, test, vi } from 'vitest';
import { LOCAL_OWNER } from '../core/domain/owner.ts';
import type { InferenceRecord } from '../core/inference/inference-record.ts';
import { createLog } from '../core/telemetry/log.ts';
import { InferenceStore } from './inference-logs.ts';

const log = createLog({ level: 'silent', format: 'json' });
const redact = createRedact({ phoneRegions: ['IN'] });
const RECORD: InferenceRecord = {
  ...LOCAL_OWNER,
  ...{ id: '01890000-0000-7000-8000-000000000001', conversationId: null, messageId: null },
  ...{ model: 'm', provider: 'p', status: 'SUCCESS', latencyMs: 1, timeToFirstTokenMs: 1 },
  ...{ inputTokens: 1, outputTokens: 1, tokensEstimated: false, errorCode: null, errorMessage: null, at: 0 },
  ...{ input: 'mail asha@example.com', output: 'card 4111111111111111' },
};

test('a record that cannot be stored is redacted in its job too', async () => {
  const fault = new Error('the row is refused');
  const logs = { add: () => Promise.reject(fault) };
  const found: string[] = [];
  const onRedacted = (findings: readonly { kind: string }[]) =>
    found.push(...findings.map(({ kind }) => kind));
  const replace = vi.fn(async () => {});
  const { signal } = new AbortController();
  const run = new InferenceStore({ logs, redact, log, onRedacted }).run(RECORD, { signal, replace });
  await expect(run).rejects.toBe(fault);
  expect(replace).toHaveBeenCalledWith({ ...RECORD, input: 'mail [EMAIL]', output: 'card [CREDIT_CARD]' });
  expect(found).toEqual(['EMAIL', 'CREDIT_CARD']);
});
