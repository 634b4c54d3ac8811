/** Waits `ms` milliseconds, or less when something happens that makes an earlier try worth while. Never rejects. */
export type Pause = (ms: number) => Promise<void>;

/** A {@link Pause} that ends at once when `target` (the window) says `online`. */
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
