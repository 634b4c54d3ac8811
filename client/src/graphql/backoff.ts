const FIRST_MS = 400;
const CAP_MS = 6_000;

/**
 * How long to wait before try number `attempt` (from 0), in milliseconds: doubles from 0.4 s up to 6 s, of which the upper
 * half is random, so that listeners of a server that went away do not all come back in the same instant.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return full / 2 + (full / 2) * random();
}
