const DEADLINE_MS = 30_000;

/** `fetch` that fails after 30 s, so that a network which swallows requests cannot leave a message "sending" for ever. */
export const fetchWithDeadline: typeof fetch = (input, init) => {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
  return fetch(input, { ...init, signal });
};
