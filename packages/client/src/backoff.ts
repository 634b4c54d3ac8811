const FIRST_MS = 400;
const CAP_MS = 6_000;

/**
 * How long to wait before attempt number `attempt` (from 0), in milliseconds: doubles from 0.4 s up to 6 s. The upper half
 * is random, so that the listeners of a server that stopped do not all reconnect at the same time.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return full / 2 + (full / 2) * random();
}
