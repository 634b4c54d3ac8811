import { within } from '../async/within.ts';

/** The parts that a process needs to take a message, and what takes it: the server, the worker, one process of several. */
export const PARTS = ['database', 'redis', 'queue', 'server', 'worker', 'process'] as const;
type Part = (typeof PARTS)[number];

/** A part that is not ready. `reason`: one sentence for the operator, without secrets. */
export interface UnreadyPart {
  readonly part: Part;
  readonly reason: string;
}

/** This process cannot take a message now. */
export class NotReadyError extends Error {
  override name = 'NotReadyError';
  readonly parts: readonly UnreadyPart[];
  constructor(parts: readonly UnreadyPart[]) {
    super(parts.map(({ part, reason }) => `${part}: ${reason}`).join('; '));
    this.parts = parts;
  }
}

/** The check of a part, and the explanation of its failure. */
export interface ReadinessCheck {
  readonly part: Part;
  /** Resolves if the part is ready. */
  readonly check: () => Promise<unknown>;
  readonly describe: (error: unknown) => string;
}

/** The time limit of one check, in milliseconds: less than the endpoint waits for all of them. */
const CHECK_WITHIN_MS = 1_800;

/** The names of the stores in metrics, by the part whose check shows that one takes writes. */
const STORES: Partial<Record<Part, string>> = { database: 'postgresql', redis: 'redis' };
/** The time limit of a check for the metrics, in milliseconds: a scrape does not wait for longer. */
const MEASURED_WITHIN_MS = 900;

/** Whether each store takes writes from this process now, by its name in metrics. Never rejects. */
export async function storesUp(checks: readonly ReadinessCheck[]): Promise<ReadonlyMap<string, boolean>> {
  const results = await Promise.all(
    checks.map(async ({ part, check }): Promise<[string, boolean][]> => {
      const store = STORES[part];
      if (store === undefined) return [];
      return within(MEASURED_WITHIN_MS, check()).then(
        () => [[store, true]],
        () => [[store, false]],
      );
    }),
  );
  return new Map(results.flat());
}

/** Checks all parts in parallel. @throws {NotReadyError} that names each part that is not ready */
export async function checkReadiness(checks: readonly ReadinessCheck[]): Promise<void> {
  const results = await Promise.all(
    checks.map(({ part, check, describe }) =>
      within(CHECK_WITHIN_MS, check()).then(
        () => [],
        (error) => [{ part, reason: describe(error) }],
      ),
    ),
  );
  const unready = results.flat();
  if (unready.length > 0) throw new NotReadyError(unready);
}
