import type { Clock } from './clock/clock.ts';
import { watchClock } from './clock/clock-watch.ts';
import { StoreClock } from './clock/store-clock.ts';
import type { Config } from './config/config.ts';
import { Conversations } from './conversations/conversations.ts';
import { type Database, openDatabase } from './db/database.ts';
import { checkWritable, describeDatabaseFailure } from './db/readiness.ts';
import type { StoreName } from './domain/errors.ts';
import type { Owner } from './domain/owner.ts';
import { checkReadiness, type ReadinessCheck, storesUp } from './http/readiness.ts';
import { InferenceLog } from './inference/inference-log.ts';
import { inferenceLogJob } from './inference/inference-log-job.ts';
import type { InferenceRecord } from './inference/inference-record.ts';
import { measureCall } from './inference/measured-calls.ts';
import { migrationsDir } from './installation/installed-files.ts';
import type { ConversationChanges } from './live/changes/conversation-changes.ts';
import type { Feed } from './live/feed/feed.ts';
import { measuredFeed } from './live/feed/measured-feed.ts';
import type { Reconcile } from './live/feed/reconciled.ts';
import type { ModelHealth } from './live/model-health/model-health.ts';
import { openInProcess, openRedis } from './live/open-live.ts';
import type { Presence } from './live/presence/presence.ts';
import type { Rates } from './live/rates/rates.ts';
import type { Revocations } from './live/revocations/revocations.ts';
import type { TurnSlots } from './live/turn-slots/turn-slots.ts';
import type { Llm } from './llm/calls/client.ts';
import { openLlm } from './llm/calls/open-llm.ts';
import { ModelLabels } from './llm/registry/model-labels.ts';
import { openModelServer } from './llm/registry/model-server.ts';
import type { Models } from './llm/registry/models.ts';
import { Erasure } from './person/erasure.ts';
import { ALONE, type ProcessGroup } from './processes/group.ts';
import { JobBackend } from './queue/job-backend.ts';
import type { JobProducer } from './queue/job-producer.ts';
import { restJob, type TurnJob, timerJob, turnJob } from './queue/jobs.ts';
import { describeRedisFailure } from './redis/describe.ts';
import { locateRedis } from './redis/locate.ts';
import { ApiTokens } from './store/api-tokens.ts';
import { BranchReads } from './store/branch-reads.ts';
import { ConversationReads } from './store/conversation-reads.ts';
import type { ConversationStore } from './store/conversation-store.ts';
import { InferenceLogs } from './store/inference-logs.ts';
import { InstallationState } from './store/installation-state.ts';
import { MessageSearch } from './store/message-search.ts';
import { OwnRows } from './store/own-rows.ts';
import { PersonRows } from './store/person-rows.ts';
import { PgConversationStore } from './store/pg-conversation-store.ts';
import { SearchIndex } from './store/search-index.ts';
import { Stems } from './store/stems.ts';
import { TokenUsage } from './store/token-usage.ts';
import { componentLog, type Log } from './telemetry/log.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { openTracing } from './telemetry/open-tracing.ts';
import type { ServiceName, Tracing } from './telemetry/tracing.ts';
import { Timers } from './timers/timers.ts';
import { Branches } from './turns/branches.ts';
import { EMBEDDED_COMMIT_WITHIN_MS } from './turns/deadline.ts';
import { TurnEngine } from './turns/turn-engine.ts';
import { TurnRests } from './turns/turn-rests.ts';
import { Turns } from './turns/turns.ts';

/** The services that servers and workers share. The entry of a process opens it once and passes it on. */
export interface App {
  readonly config: Config;
  readonly log: Log;
  /** The processes that share this one's port. */
  readonly group: ProcessGroup;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly database: Database;
  /** The time of Redis, or of the database without Redis. Times that other processes wrote are compared with it. */
  readonly clock: Clock;
  readonly feed: Feed;
  readonly changes: ConversationChanges;
  readonly presence: Presence;
  readonly modelHealth: ModelHealth;
  readonly slots: TurnSlots;
  readonly revocations: Revocations;
  readonly rates: Rates;
  readonly timers: Timers;
  readonly models: Models;
  /** The label of a model in metrics. */
  readonly labelOf: (model: string) => string;
  readonly llm: Llm;
  readonly backend: JobBackend;
  readonly jobs: JobProducer<TurnJob>;
  readonly restJobs: JobProducer<TurnJob>;
  readonly inferenceJobs: JobProducer<InferenceRecord>;
  readonly reads: ConversationReads;
  readonly store: ConversationStore;
  readonly inferenceLogs: InferenceLogs;
  readonly apiTokens: ApiTokens;
  readonly search: MessageSearch;
  readonly searchIndex: SearchIndex;
  ownRows(owner: Owner): OwnRows;
  readonly turns: Turns;
  readonly branches: Branches;
  readonly rests: TurnRests;
  readonly conversations: Conversations;
  readonly tokenUsage: TokenUsage;
  readonly personRows: PersonRows;
  readonly erasure: Erasure;
  /** Resolves when this process could accept a message now. Rejects with a NotReadyError that names the failing part. */
  ready(): Promise<void>;
  /** Closes everything in the reverse order of opening. Idempotent. */
  stop(): Promise<void>;
}

export interface AppOptions {
  config: Config;
  log: Log;
  /** The name of this process in traces. */
  service: ServiceName;
  /** The processes that share this one's port. Unset: none. */
  group?: ProcessGroup;
}

/**
 * Opens every connection that the configuration names.
 * @throws DatabaseConfigError, DatabaseUnavailableError, MigrationError, ModelsFileError, RedisError, StartError: each
 * with a message of one line for the operator
 */
export async function openApp({ config, log, service, group = ALONE }: AppOptions): Promise<App> {
  const opened: (() => Promise<void>)[] = [];
  let stopping: Promise<void> | null = null;
  const stop = () => {
    stopping ??= (async () => {
      for (const close of opened.reverse())
        await close().catch((err) => componentLog(log, 'app').warn({ err }, 'did not close cleanly'));
    })();
    return stopping;
  };
  try {
    const tracing = await openTracing(config.otlpEndpoint, { service, log: componentLog(log, 'tracing') });
    opened.push(() => tracing.stop());
    const metrics = createMetrics({
      queues: () => backend.counts(),
      labels: group.labels,
      stores: () => storesUp(checks),
      pending: () => state.pending(),
      sizes: async () => {
        const [database, memory] = await Promise.allSettled([state.size(), live.sizes()]);
        return {
          ...(database.status === 'fulfilled' && { database: database.value }),
          ...(memory.status === 'fulfilled' && memory.value),
        };
      },
      pool: () => database.load(),
      breakers: () => {
        const open = new Set(modelHealth.openModels().map(labelOf));
        return new Map([...modelLabels.first(), ...open].map((model) => [model, open.has(model)]));
      },
    });
    // Its list of models loads while everything else opens.
    const modelServer = await openModelServer(config, log);
    opened.push(() => modelServer.stop());
    const { models } = modelServer;
    const modelLabels = new ModelLabels(models);
    const labelOf = (model: string) => modelLabels.of(model);
    // First, because it is quick: a wrong URL fails before the slower connections are opened.
    const redis = config.redisUrl ? await locateRedis(config.redisUrl) : null;
    const database = await openDatabase({
      ...config,
      migrationsDir: migrationsDir(),
      readsPerOwner: config.queriesPerOwner,
      log: componentLog(log, 'database'),
      onQuery: (ms) => metrics.databaseDuration.observe(ms),
    });
    opened.push(() => database.close());
    const state = new InstallationState(database.statements);
    const store = new PgConversationStore(database.statements);
    const inferenceLogs = new InferenceLogs(database);
    const onClock = watchClock({
      log: componentLog(log, 'clock'),
      store: redis ? 'Redis' : 'PostgreSQL',
      onOffset: (seconds) => metrics.clockOffset.set(seconds),
    });
    const reconcile: Reconcile = (...args) => engine.reconcile(...args);
    const live = redis
      ? await openRedis({
          reconcile,
          location: redis,
          prefix: config.redisPrefix,
          turnsPerOwner: config.turnsPerOwner,
          log: componentLog(log, 'redis'),
          onCommand: (command, ms) => metrics.redisDuration.observe({ command }, ms),
          onClock,
        })
      : openInProcess({ ...config, reconcile });
    opened.push(() => live.stop());
    const clock = live.clock ?? (await StoreClock.open({ ask: () => store.now(), onMeasured: onClock }));
    opened.push(async () => clock.stop());
    const { changes, presence, modelHealth, slots, revocations, rates } = live;
    const feed = measuredFeed(live.feed, metrics);
    const { llm, close: closeLlm } = await openLlm({
      ...{ config, log, clock, health: modelHealth },
      endpoint: modelServer.endpoint,
      tracer: config.otlpEndpoint ? tracing.tracer : undefined,
      record: (record) => {
        measureCall(metrics, labelOf, record);
        inferenceLog.record(record);
      },
    });
    opened.push(closeLlm);
    const queueLog = componentLog(log, 'queue');
    const backend = await JobBackend.open({
      store: redis ? { redis } : { postgres: database.connection, isAlone: database.embedded },
      prefix: config.redisPrefix,
      clock,
      onError: (err, queue) => queueLog.warn({ err, queue }, 'queue error'),
      onTakenOver: (job) => queueLog.warn(job, 'job taken over from a worker that died or froze'),
      telemetry: tracing.jobs,
      onRan: ({ ms, ...labels }) => metrics.jobDuration.observe(labels, ms),
    });
    opened.push(() => backend.stop());
    const jobs = backend.producer(turnJob);
    const restJobs = backend.producer(restJob);
    const inferenceJobs = backend.producer(inferenceLogJob);
    const inferenceLog = new InferenceLog({
      jobs: inferenceJobs,
      log: componentLog(log, 'ingest'),
      onLost: (count) => metrics.inferenceRecordsLost.inc(count),
    });
    opened.push(() => inferenceLog.stop());
    const reads = new ConversationReads(database);
    const timerJobs = backend.producer(timerJob);
    const timers = new Timers({
      ...config,
      jobs: timerJobs,
      log: componentLog(log, 'timers'),
    });
    await Promise.all([backend.ready(), modelServer.ready()]);
    // From 0, so that the first failures are an increase.
    for (const model of modelLabels.first())
      for (const status of ['SUCCESS', 'ERROR', 'ABORTED'])
        metrics.llmRequests.inc({ model, provider: llm.provider, status }, 0);
    for (const outcome of ['done', 'failed']) metrics.feedReconciliations.inc({ outcome }, 0);
    const checks: ReadinessCheck[] = [
      { part: 'database', check: () => checkWritable(database.prisma), describe: describeDatabaseFailure },
    ];
    // Without Redis the queue is in the database, which is checked already.
    if (redis)
      checks.push(
        { part: 'redis', check: () => live.ready(), describe: describeRedisFailure },
        { part: 'queue', check: () => jobs.checkWritable(), describe: describeRedisFailure },
      );
    const ready = () => checkReadiness(checks);
    const unwatch = log.outages?.watch({
      checks: new Map<StoreName, () => Promise<unknown>>([
        ['PostgreSQL', () => checkWritable(database.prisma)],
        ...(redis ? [['Redis', () => Promise.all([live.ready(), jobs.checkWritable()])] as const] : []),
      ]),
      onOver: (store, outage) =>
        componentLog(log, 'app').info({ store, ...outage }, `${store} is available again`),
    });
    opened.push(async () => unwatch?.());
    const { provider } = llm;
    const answerWithinMs = database.embedded ? EMBEDDED_COMMIT_WITHIN_MS : undefined;
    const engine = new TurnEngine({
      ...{ store, feed, jobs, changes, timers, models, modelHealth },
      answerWithinMs,
      log: componentLog(log, 'turns'),
      onReconciled: (outcome) => metrics.feedReconciliations.inc({ outcome }),
    });
    opened.push(() => engine.stop());
    const turns = new Turns({ engine, reads, feed, timers });
    const branches = new Branches({ engine, reads, branches: new BranchReads(database) });
    const rests = new TurnRests({ store, jobs, restJobs, commitWithinMs: answerWithinMs });
    const conversations = new Conversations({ engine, store, reads, feed, timers, provider });
    const personRows = new PersonRows(database.statements);
    const erasure = new Erasure({
      ...{ rows: personRows, conversations, turns, store, slots, revocations, clock },
      queues: [jobs, restJobs, timerJobs, inferenceJobs],
    });
    const stems = new Stems(config.searchLanguages);
    return {
      config,
      log,
      group,
      metrics,
      tracing,
      database,
      clock,
      feed,
      changes,
      presence,
      modelHealth,
      slots,
      revocations,
      rates,
      ready,
      timers,
      models,
      labelOf,
      llm,
      backend,
      jobs,
      restJobs,
      inferenceJobs,
      reads,
      store,
      inferenceLogs,
      apiTokens: new ApiTokens(database),
      branches,
      search: new MessageSearch(database, stems),
      searchIndex: new SearchIndex(database.statements, stems, config.searchLanguages),
      ownRows: (owner) => new OwnRows(database, owner),
      turns,
      rests,
      conversations,
      tokenUsage: new TokenUsage(database.statements),
      personRows,
      erasure,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
