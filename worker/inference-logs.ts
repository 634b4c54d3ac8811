import type { InferenceRecord } from '../core/inference/inference-record.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { untilAvailable } from './available.ts';

/**
 * Stores what is known of a call; storing it twice stores it once. While the database is away it waits, so that an
 * outage uses up no attempts. Of a conversation that was deleted meanwhile the record keeps no trace.
 */
export async function storeInference(
  prisma: PrismaClient,
  record: InferenceRecord,
  stop: AbortSignal,
): Promise<void> {
  const { id, conversationId, messageId, model, provider, status, errorCode } = record;
  const { latencyMs, timeToFirstTokenMs, inputTokens, outputTokens, tokensEstimated } = record;
  const at = new Date(record.at);
  await untilAvailable(
    () => prisma.$executeRaw`
      INSERT INTO inference_logs (
        id, conversation_id, message_id, model, provider, status, error_code, latency_ms, time_to_first_token_ms,
        input_tokens, output_tokens, tokens_estimated, created_at)
      SELECT ${id}::uuid, known.id, CASE WHEN known.id IS NULL THEN NULL ELSE ${messageId}::uuid END,
        ${model}, ${provider}, ${status}, ${errorCode}, ${latencyMs}::int, ${timeToFirstTokenMs}::int,
        ${inputTokens}::int, ${outputTokens}::int, ${tokensEstimated}::boolean, ${at}::timestamptz
      FROM (SELECT 1) AS one LEFT JOIN conversations AS known ON known.id = ${conversationId}::uuid
      ON CONFLICT (id) DO NOTHING`,
    stop,
  );
}
