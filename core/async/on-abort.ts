/**
 * Calls `listener` when the signal aborts, or immediately if it already has. Returns a function that removes the listener,
 * which a signal that lives as long as the process would keep otherwise. Not AbortSignal.any, which never removes what it
 * adds: on Node 20.20, 100,000 composed signals that were dropped still hold 6 MB, with a listener each 119 MB.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
