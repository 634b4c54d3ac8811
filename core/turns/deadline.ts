import { UnavailableError } from '../errors.ts';

/** How long a caller is kept waiting for a store that does not answer, in milliseconds. */
export const ANSWER_WITHIN_MS = 1_800;
/** The same of a store inside the process, which no network can cut off: it answers, or its thread has ended. */
export const EMBEDDED_ANSWER_WITHIN_MS = Number.POSITIVE_INFINITY;

/** The point from which on a call can no longer be called off. */
export interface PointOfNoReturn {
  /** Call it last before what stays is made to stay. @throws {UnavailableError} when the caller was told that nothing was */
  pass(): void;
}

/**
 * Calls `act` off when it has not passed its point of no return in time: the caller is told that nothing was stored,
 * and `pass`, should `act` still get there, throws. Once it has passed, its outcome is waited for. Infinity: never.
 * @throws {UnavailableError} when it was called off
 */
export async function calledOffAfter<T>(ms: number, act: (point: PointOfNoReturn) => Promise<T>): Promise<T> {
  if (ms === Number.POSITIVE_INFINITY) return act({ pass() {} });
  let passed = false;
  let calledOff = false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      if (passed) return;
      calledOff = true;
      reject(new UnavailableError({ cause: new Error(`no answer within ${ms} ms`) }));
    }, ms);
  });
  const acting = act({
    pass() {
      if (calledOff) throw new UnavailableError();
      passed = true;
    },
  });
  return Promise.race([acting, late]).finally(() => clearTimeout(timer));
}
