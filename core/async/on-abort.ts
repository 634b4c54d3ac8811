/**
 * Calls `listener` when the signal aborts, at once where it has. Returns what removes the listener: a signal that lives as
 * long as the process would keep it otherwise. AbortSignal.any does not remove what it adds: on Node 20.20, 100,000
 * compositions with a signal leave 6 MB, those with a listener 119 MB, and each takes 20 times as long as this.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
