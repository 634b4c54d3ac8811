import { within } from '../async/within.ts';

/** What a process needs in order to take a message, and what it is itself. */
export type Part = 'database' | 'redis' | 'queue' | 'server' | 'worker';

/** A part that cannot do its work now. `reason`: one sentence for the operator, without secrets. */
export interface UnreadyPart {
  readonly part: Part;
  readonly reason: string;
}

/** This process could not take a message now. */
export class NotReadyError extends Error {
  override name = 'NotReadyError';
  readonly parts: readonly UnreadyPart[];
  constructor(parts: readonly UnreadyPart[]) {
    super(parts.map(({ part, reason }) => `${part}: ${reason}`).join('; '));
    this.parts = parts;
  }
}

/** A part of the process, whether it can do its work, and what its failure means. */
export interface ReadinessCheck {
  readonly part: Part;
  /** Resolves when it can. */
  readonly check: () => Promise<unknown>;
  readonly describe: (error: unknown) => string;
}

/** How long a part may take to answer, in milliseconds: less than the endpoint waits for all of them. */
const CHECK_WITHIN_MS = 1_800;

/** Checks all parts at once. @throws {NotReadyError} that names each part that cannot do its work */
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
