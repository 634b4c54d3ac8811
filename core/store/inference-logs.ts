import type { InferenceLog, Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { Database } from '../db/database.ts';
import type { InferenceRecord, InferenceStatus } from '../inference/inference-record.ts';
import { type InferenceStats, inferenceStats, type StatsRange } from './inference-stats.ts';
import type { Range } from './own-rows.ts';
import { personHash } from './person-hash.ts';

/** Whose telemetry is read: a tenant's; null: the installation's. */
export type TelemetryOf = string | null;

/** By the time of the call, then by id: what the indexes are ordered by. */
export interface CallKey {
  at: Date;
  id: string;
}

export interface CallFilter {
  conversationId?: string | undefined;
  status?: InferenceStatus | undefined;
  model?: string | undefined;
}

/** How many rows one statement deletes, so that none holds its locks for long. */
const BATCH = 5_000;

/** The stored log of calls to models. */
export class InferenceLogs {
  readonly #prisma: PrismaClient;
  readonly #database: Pick<Database, 'prisma' | 'readAs'>;

  constructor(database: Pick<Database, 'prisma' | 'readAs'>) {
    this.#prisma = database.prisma;
    this.#database = database;
  }

  #read<T>(of: TelemetryOf, read: (prisma: PrismaClient) => Promise<T>): Promise<T> {
    return of === null ? read(this.#prisma) : this.#database.readAs({ owner: '', tenant: of }, read);
  }

  find(of: TelemetryOf, id: string): Promise<InferenceLog | null> {
    return this.#read(of, (prisma) => prisma.inferenceLog.findFirst({ where: { id, ...tenantOf(of) } }));
  }

  /** Calls, the newest first. */
  list(
    of: TelemetryOf,
    filter: CallFilter,
    { after, before, take, backwards }: Range<CallKey>,
  ): Promise<InferenceLog[]> {
    const direction = backwards ? 'asc' : 'desc';
    return this.#read(of, (prisma) =>
      prisma.inferenceLog.findMany({
        where: {
          AND: [
            whereOf(of, filter),
            ...(after ? [beyond(after, 'lt')] : []),
            ...(before ? [beyond(before, 'gt')] : []),
          ],
        },
        orderBy: [{ createdAt: direction }, { id: direction }],
        take,
      }),
    );
  }

  count(of: TelemetryOf, filter: CallFilter): Promise<number> {
    return this.#read(of, (prisma) => prisma.inferenceLog.count({ where: whereOf(of, filter) }));
  }

  stats(of: TelemetryOf, range: StatsRange): Promise<InferenceStats[]> {
    return this.#read(of, (prisma) => inferenceStats(prisma, of, range));
  }

  /**
   * Stores a redacted record; idempotent. If its conversation was deleted meanwhile, stores only the measurements, without
   * text and ids; if all data of its owner was erased since the call began, also without the owner. A conversation of another
   * tenant is one that does not exist.
   */
  async add(record: InferenceRecord): Promise<void> {
    const { id, tenant, owner, conversationId, messageId, model, provider, status, errorCode } = record;
    const { latencyMs, timeToFirstTokenMs, inputTokens, outputTokens, tokensEstimated } = record;
    const { errorMessage, input, output } = record;
    const at = new Date(record.at);
    const person = owner === null ? null : personHash({ owner, tenant });
    await this.#prisma.$executeRaw`
      INSERT INTO inference_logs (
        id, tenant, owner, conversation_id, message_id, model, provider, status, error_code, latency_ms,
        time_to_first_token_ms, input_tokens, output_tokens, tokens_estimated, created_at, error_message, input_preview,
        output_preview)
      SELECT ${id}::uuid, ${tenant}, CASE WHEN erased THEN NULL ELSE ${owner} END,
        CASE WHEN gone THEN NULL ELSE known.id END, CASE WHEN gone THEN NULL ELSE ${messageId}::uuid END,
        ${model}, ${provider}, ${status}, ${errorCode}, ${latencyMs}::int, ${timeToFirstTokenMs}::int,
        ${inputTokens}::int, ${outputTokens}::int, ${tokensEstimated}::boolean, ${at}::timestamptz,
        CASE WHEN gone THEN NULL ELSE ${errorMessage} END,
        CASE WHEN gone THEN NULL ELSE ${input} END,
        CASE WHEN gone THEN NULL ELSE ${output} END
      FROM (SELECT ${conversationId}::uuid AS wanted) AS asked
        LEFT JOIN conversations AS known ON known.id = asked.wanted AND known.tenant = ${tenant}
        CROSS JOIN LATERAL (SELECT EXISTS (
          SELECT 1 FROM erasures WHERE person = ${person} AND erased_at >= ${at}::timestamptz) AS erased) AS owners
        CROSS JOIN LATERAL (SELECT erased OR asked.wanted IS NOT NULL AND known.id IS NULL AS gone) AS fate
      ON CONFLICT (id) DO NOTHING`;
  }

  /** Deletes a batch of the calls older than `days` by the database's clock. Returns whether there may be more. */
  async deleteOlder(days: number): Promise<{ deleted: number; isDone: boolean }> {
    const deleted = await this.#prisma.$executeRaw`
      DELETE FROM inference_logs WHERE id IN (
        SELECT id FROM inference_logs WHERE created_at < now() - make_interval(hours => 24 * ${days}::int)
        ORDER BY created_at LIMIT ${BATCH}::int)`;
    return { deleted, isDone: deleted < BATCH };
  }
}

function tenantOf(of: TelemetryOf): { tenant?: string } {
  return of === null ? {} : { tenant: of };
}

function whereOf(
  of: TelemetryOf,
  { conversationId, status, model }: CallFilter,
): Prisma.InferenceLogWhereInput {
  return {
    ...tenantOf(of),
    ...(conversationId !== undefined && { conversationId }),
    ...(status !== undefined && { status }),
    ...(model !== undefined && { model }),
  };
}

function beyond({ at, id }: CallKey, side: 'lt' | 'gt'): Prisma.InferenceLogWhereInput {
  const inclusive = side === 'lt' ? 'lte' : 'gte';
  // The first condition repeats a part of the second, so that the index scan can start there.
  return {
    createdAt: { [inclusive]: at },
    OR: [{ createdAt: { [side]: at } }, { createdAt: at, id: { [side]: id } }],
  };
}
