import type { Data } from '../../test/support/harness.ts';

/** The outcome of a call: accepted; refused, so it must have had no effect; or unknown. */
export type Outcome = 'accepted' | 'refused' | 'unknown';

/** The outcome of a mutation by its payload; null: there was none, for example because the server died. */
export function outcomeOf(payload: Data | null | undefined): Outcome {
  const type: string = payload?.__typename ?? '';
  if (type.endsWith('Success')) return 'accepted';
  return type.endsWith('Error') ? 'refused' : 'unknown';
}
