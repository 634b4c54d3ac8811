import type { MessagePartsFragment } from '../gql/graphql.ts';
import { texts } from '../texts.ts';
import type { Failure } from './live-state.ts';

/** An answer that the server owes is begun within ten seconds, whatever happens to its processes. In milliseconds. */
const BEGUN_WITHIN_MS = 15_000;

/**
 * What the server knows no failure of: a conversation that is loaded with the user's message as its last, and nothing
 * on the way, was left without an answer, as when it was stopped before its first word. `now`: Unix milliseconds.
 */
export function unanswered(
  messages: readonly Pick<MessagePartsFragment, 'id' | 'role' | 'createdAt'>[],
  speaking: boolean,
  now: number,
): Failure | null {
  const last = messages.at(-1);
  if (speaking || last?.role !== 'USER' || now - Date.parse(last.createdAt) < BEGUN_WITHIN_MS) return null;
  return { turnId: last.id, code: null, text: texts.thread.unanswered, retryable: true };
}
