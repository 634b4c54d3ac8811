const DEADLINE_MS = 30_000;

/** `fetch` that fails after 30 s, so that what a network drops is sent again. */
export const fetchWithDeadline: typeof fetch = (input, init) => {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
  return fetch(input, { ...init, signal });
};
