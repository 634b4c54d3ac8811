import { onAbort } from './on-abort.ts';

/**
 * The outcome of `promise`, or a rejection with the signal's reason as soon as it aborts, even if the promise never settles.
 * Node's `fetch` never settles a body that is not in its declared encoding, even if its own signal aborts.
 */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let removeListener = () => {};
  const aborted = new Promise<never>((_, reject) => {
    removeListener = onAbort(signal, () => reject(signal.reason));
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    removeListener();
  }
}

/** The bytes of a body, until it ends or the signal aborts. Leaving the loop early cancels the body. */
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
