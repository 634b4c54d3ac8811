import { onAbort } from './on-abort.ts';

/** Resolves after `ms`, or at once when the signal aborts. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let removeListener = () => {};
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
    removeListener = onAbort(signal, resolve);
  });
  clearTimeout(timer);
  removeListener();
}
