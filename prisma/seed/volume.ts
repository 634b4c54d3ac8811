import { LOCAL_OWNER } from '../../core/domain/owner.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';

/** Conversations per statement: the statement stays far below its time limit, also on the embedded database. */
const BATCH = 2_000;

/**
 * Adds generated conversations of the local user up to `total`, spread over the year before today, each with a question, an
 * answer and an inference log. The database generates them, so a million takes minutes.
 * Resolves to the number of added ones; existing ones from an earlier run on the same day are not changed.
 */
export async function seedVolume(prisma: PrismaClient, total: number, now: Date): Promise<number> {
  const count = () => prisma.conversation.count({ where: LOCAL_OWNER });
  const existing = await count();
  const today = new Date(now);
  today.setUTCHours(0, 0, 0, 0);
  for (let from = existing; from < total; from += BATCH) {
    await addBatch(prisma, from, Math.min(from + BATCH, total), today);
  }
  return (await count()) - existing;
}

async function addBatch(prisma: PrismaClient, from: number, to: number, today: Date): Promise<void> {
  // A UUIDv7 has 48 bits of time, the version 7, and random bits. Here these come from a digest, so every run has the same.
  await prisma.$executeRaw`
    WITH seeds AS (
      SELECT n, md5('taskflow' || n) AS digest,
        ${today}::timestamptz - (n * 7919 % 525600) * interval '1 minute' AS at
      FROM generate_series(${from}::bigint, ${to}::bigint - 1) AS n
    ), rows AS (
      SELECT *, 'Question ' || n || ': ' || (ARRAY['why is the sky blue?', 'how do I boil an egg?',
          'what is a monad?', 'plan my week', 'explain compound interest'])[1 + n % 5] AS question,
        'Answer ' || n || ': ' || rtrim(repeat('in short, it depends. ', (1 + n % 5)::int)) AS answer,
        (stem || '-7' || substr(digest, 1, 3) || '-8' || substr(digest, 4, 3) || '-' || substr(digest, 7, 12))::uuid AS id,
        (stem || '-7' || substr(digest, 5, 3) || '-9' || substr(digest, 8, 3) || '-' || substr(digest, 1, 12))::uuid AS asked,
        (stem || '-7' || substr(digest, 5, 3) || '-a' || substr(digest, 8, 3) || '-' || substr(digest, 1, 12))::uuid AS answered
      FROM (
        SELECT *, overlay(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') placing '-' from 9 for 0) AS stem
        FROM seeds
      ) AS stems
    ), conversations AS (
      INSERT INTO public.conversations (id, owner, title, status, model, provider, pacing, message_count,
        last_message_preview, last_activity_at, created_at, updated_at, last_turn_id)
      SELECT id, ${LOCAL_OWNER.owner}, question, 'COMPLETED', 'openai/gpt-4o-mini', 'openrouter', 'HUMAN', 2, answer, at, at, at,
        answered FROM rows ON CONFLICT DO NOTHING
    ), messages AS (
      INSERT INTO public.messages (id, conversation_id, turn_id, role, content, status, model, created_at)
      SELECT asked, id, answered, 'USER', question, 'COMPLETED', NULL, at FROM rows
      UNION ALL
      SELECT answered, id, NULL, 'ASSISTANT', answer, 'COMPLETED', 'openai/gpt-4o-mini', at FROM rows
      ON CONFLICT DO NOTHING
    )
    INSERT INTO public.inference_logs (id, conversation_id, message_id, model, provider, latency_ms,
      time_to_first_token_ms, input_tokens, output_tokens, status, input_preview, output_preview, created_at)
    SELECT answered, id, answered, 'openai/gpt-4o-mini', 'openrouter', 900 + n % 3000, 200 + n % 700, 40, 20, 'SUCCESS',
      question, answer, at FROM rows
    ON CONFLICT DO NOTHING`;
}
