import { Gauge, type Registry } from 'prom-client';
import { within } from '../async/within.ts';
import { METRIC } from './metric-names.ts';

/** What is pending in the whole installation. Ages in milliseconds, 0 if there is none. */
export interface PendingWork {
  /** Conversations whose outbox has entries. */
  outboxes: number;
  oldestOutboxMs: number;
  /** Turns that were accepted and have not ended. */
  turns: number;
  oldestTurnMs: number;
}

/** The connections of a process's pool, and the queries that wait for one. */
export interface PoolLoad {
  open: number;
  idle: number;
  waiting: number;
}

/** Sizes in bytes. Absent: not known. `redisLimit` 0: no limit is set. */
export interface StoreSizes {
  database?: number;
  redis?: number;
  redisLimit?: number;
}

/** What is measured at each scrape. A part that rejects, or takes more than a second, is absent from the scrape. */
export interface MeasuredParts {
  /** Whether each store takes writes from this process. */
  stores?: () => Promise<ReadonlyMap<string, boolean>>;
  sizes?: () => Promise<StoreSizes>;
  pending?: () => Promise<PendingWork>;
  pool?: () => PoolLoad;
  /** Whether the circuit breaker of a model is open, by the model's label. */
  breakers?: () => ReadonlyMap<string, boolean>;
}

/** The longest wait of a scrape for answers over a network, in milliseconds. Prometheus itself gives up after 10 s. */
export const COLLECT_WITHIN_MS = 1_000;

/** Registers the gauges that are measured at each scrape. */
export function measureParts(parts: MeasuredParts, registers: Registry[]): void {
  const { stores, sizes, pending, pool, breakers } = parts;
  const measured = <Label extends string = never>(
    { name, help, labelNames = [] }: { name: string; help: string; labelNames?: Label[] },
    measure: (gauge: Gauge<Label>) => unknown,
  ) =>
    new Gauge<Label>({
      ...{ name, help, labelNames, registers },
      async collect() {
        this.reset();
        // prom-client shows a gauge without labels as 0 after a reset.
        if (labelNames.length === 0) this.remove({});
        await measure(this);
      },
    });

  measured(
    {
      name: METRIC.storeUp,
      help: '1 if a store takes writes from this process within a second, else 0.',
      labelNames: ['store'],
    },
    async (gauge) => {
      for (const [store, isUp] of (await stores?.()) ?? []) gauge.set({ store }, isUp ? 1 : 0);
    },
  );
  measured(
    {
      name: METRIC.poolConnections,
      help: "Connections of this process's pool to PostgreSQL, by state: busy or idle.",
      labelNames: ['state'],
    },
    (gauge) => {
      const load = pool?.();
      if (!load) return;
      gauge.set({ state: 'busy' }, load.open - load.idle);
      gauge.set({ state: 'idle' }, load.idle);
    },
  );
  measured(
    { name: METRIC.poolWaiting, help: "Queries that wait for a connection of this process's pool." },
    (gauge) => set(gauge, pool?.().waiting),
  );
  measured(
    {
      name: METRIC.modelBreakerOpen,
      help: '1 while the circuit breaker of a model is open: no turn calls it. 0 once a probe may be sent.',
      labelNames: ['model'],
    },
    (gauge) => {
      for (const [model, isOpen] of breakers?.() ?? []) gauge.set({ model }, isOpen ? 1 : 0);
    },
  );

  const askSizes = shared(sizes);
  const sizeOf = (name: string, help: string, size: keyof StoreSizes) =>
    measured({ name, help }, async (gauge) => set(gauge, (await askSizes())?.[size]));
  sizeOf(METRIC.databaseSize, 'Size of the database on its disk.', 'database');
  sizeOf(METRIC.redisMemory, 'Memory that Redis uses for its data. Absent on a Cluster.', 'redis');
  sizeOf(
    METRIC.redisMemoryLimit,
    "Redis's maxmemory; 0 if it has no limit. Absent on a Cluster.",
    'redisLimit',
  );

  const askPending = shared(pending);
  const pendingOf = (name: string, help: string, value: (pending: PendingWork) => number) =>
    measured({ name, help }, async (gauge) => {
      const known = await askPending();
      set(gauge, known && value(known));
    });
  pendingOf(
    METRIC.outboxPending,
    'Conversations with unpublished outbox entries.',
    ({ outboxes }) => outboxes,
  );
  pendingOf(
    METRIC.outboxOldest,
    'Age of the oldest unpublished outbox entry; 0 if all are published.',
    ({ oldestOutboxMs }) => oldestOutboxMs / 1_000,
  );
  pendingOf(METRIC.turnsPending, 'Turns that were accepted and have not ended.', ({ turns }) => turns);
  pendingOf(
    METRIC.turnsPendingOldest,
    'Age of the oldest turn that has not ended; 0 if there is none.',
    ({ oldestTurnMs }) => oldestTurnMs / 1_000,
  );
}

function set(gauge: Gauge, value: number | undefined): void {
  if (value !== undefined) gauge.set(value);
}

/** One request per scrape, shared by the gauges that need it. Undefined: it failed, or took too long. */
function shared<T>(ask: (() => Promise<T>) | undefined): () => Promise<T | undefined> {
  let asking: Promise<T | undefined> | null = null;
  return async () => {
    if (!ask) return undefined;
    asking ??= within(COLLECT_WITHIN_MS, ask())
      .catch(() => undefined)
      .finally(() => {
        asking = null;
      });
    return asking;
  };
}
