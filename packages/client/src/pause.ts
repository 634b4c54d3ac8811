/** Waits `ms` milliseconds, or less when an earlier attempt becomes worthwhile. Never rejects. */
export type Pause = (ms: number) => Promise<void>;

/** A {@link Pause} that ends at once when `target` (the window) fires `online`. */
export function pauseUntilOnline(target: EventTarget): Pause {
  return (ms) =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        target.removeEventListener('online', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      target.addEventListener('online', done);
    });
}
