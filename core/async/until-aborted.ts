/**
 * What `promise` comes to, or a rejection with the signal's reason as soon as that is aborted: also where the promise never
 * settles. Node's `fetch` leaves a body that is not in the encoding that its label says waiting for ever, whatever its own signal.
 */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The bytes of a body, until they end or the signal is aborted. A body that is left early is cancelled. */
export async function* bytesOf(
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body?.getReader();
  try {
    while (reader) {
      const { done, value } = await untilAborted(reader.read(), signal);
      if (done) return;
      yield value;
    }
  } finally {
    void reader?.cancel().catch(() => {});
  }
}
