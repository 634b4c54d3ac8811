import type { Data } from '../../test/harness.ts';

/** What came of a call: it was accepted; it was refused, so that it may not have done a thing; or nobody knows. */
export type Outcome = 'accepted' | 'refused' | 'unknown';

/** What a mutation's payload says; null when there was none, as when the server died. */
export function outcomeOf(payload: Data | null | undefined): Outcome {
  const type: string = payload?.__typename ?? '';
  if (type.endsWith('Success')) return 'accepted';
  return type.endsWith('Error') ? 'refused' : 'unknown';
}
