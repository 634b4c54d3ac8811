import type { Redact, Redaction } from '@taskflow/redaction';
import { type InferenceRecord, PREVIEW_LENGTH } from '../core/inference/inference-record.ts';
import type { JobContext } from '../core/queue/job-consumer.ts';
import type { Log } from '../core/telemetry/log.ts';
import { storable } from '../core/text/storable.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { untilAvailable } from './available.ts';

export interface InferenceStoreOptions {
  prisma: PrismaClient;
  redact: Redact;
  log: Log;
  /** Called with what was redacted from each text, for a metric. */
  onRedacted: (findings: Redaction['findings']) => void;
}

/** Redacts and stores the records of calls to models. */
export class InferenceStore {
  readonly #options: InferenceStoreOptions;

  constructor(options: InferenceStoreOptions) {
    this.#options = options;
  }

  /**
   * Stores a record. Idempotent. Waits while the database is unavailable, so that an outage uses up no attempts. A record that
   * cannot be stored is replaced in its job by the redacted one.
   */
  async run(
    record: InferenceRecord,
    { signal, replace }: Pick<JobContext<InferenceRecord>, 'signal' | 'replace'>,
  ): Promise<void> {
    const redacted = this.#redacted(record);
    try {
      await untilAvailable(() => insert(this.#options.prisma, redacted), signal);
      const { id, model, status } = record;
      this.#options.log.debug({ id, model, status }, 'record of a call to a model stored');
    } catch (error) {
      await replace(redacted);
      throw error;
    }
  }

  #redacted(record: InferenceRecord): InferenceRecord {
    const { errorMessage, input, output } = record;
    return {
      ...record,
      errorMessage: this.#preview(errorMessage),
      input: this.#preview(input),
      output: this.#preview(output),
    };
  }

  /** Cut after the redaction of the whole text: a finding that is cut first might not be recognised. */
  #preview(text: string | null): string | null {
    if (text === null) return null;
    const redaction = this.#options.redact(text);
    this.#options.onRedacted(redaction.findings);
    return storable(redaction.text.slice(0, PREVIEW_LENGTH));
  }
}

/** Inserts a record. If its conversation was deleted meanwhile, inserts only the measurements, without text and ids. */
async function insert(prisma: PrismaClient, record: InferenceRecord): Promise<void> {
  const { id, conversationId, messageId, model, provider, status, errorCode } = record;
  const { latencyMs, timeToFirstTokenMs, inputTokens, outputTokens, tokensEstimated } = record;
  const { errorMessage, input, output } = record;
  const at = new Date(record.at);
  await prisma.$executeRaw`
    INSERT INTO inference_logs (
      id, conversation_id, message_id, model, provider, status, error_code, latency_ms, time_to_first_token_ms,
      input_tokens, output_tokens, tokens_estimated, created_at, error_message, input_preview, output_preview)
    SELECT ${id}::uuid, known.id, CASE WHEN gone THEN NULL ELSE ${messageId}::uuid END,
      ${model}, ${provider}, ${status}, ${errorCode}, ${latencyMs}::int, ${timeToFirstTokenMs}::int,
      ${inputTokens}::int, ${outputTokens}::int, ${tokensEstimated}::boolean, ${at}::timestamptz,
      CASE WHEN gone THEN NULL ELSE ${errorMessage} END,
      CASE WHEN gone THEN NULL ELSE ${input} END,
      CASE WHEN gone THEN NULL ELSE ${output} END
    FROM (SELECT ${conversationId}::uuid AS wanted) AS asked
      LEFT JOIN conversations AS known ON known.id = asked.wanted
      CROSS JOIN LATERAL (SELECT asked.wanted IS NOT NULL AND known.id IS NULL AS gone) AS fate
    ON CONFLICT (id) DO NOTHING`;
}
