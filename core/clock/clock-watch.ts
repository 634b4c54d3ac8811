import type { Log } from '../telemetry/log.ts';

export interface ClockWatchOptions {
  log: Log;
  /** The store that this machine's clock is compared with. */
  store: 'Redis' | 'PostgreSQL';
  /** Called with the seconds by which this machine's clock is ahead; negative: behind. */
  onOffset: (seconds: number) => void;
}

/** A clock that is off by more than this counts as wrong, in milliseconds. */
const WRONG_FROM_MS = 2_000;

/** Logs once when this machine's clock is wrong, and once when it is right again. Call the result with each measurement. */
export function watchClock({ log, store, onOffset }: ClockWatchOptions): (aheadMs: number) => void {
  let isWrong = false;
  return (aheadMs) => {
    onOffset(aheadMs / 1_000);
    const wasWrong = isWrong;
    isWrong = Math.abs(aheadMs) > WRONG_FROM_MS;
    if (isWrong === wasWrong) return;
    const fields = { offsetSeconds: Math.round(aheadMs / 100) / 10, store };
    if (isWrong) log.warn(fields, "this machine's clock is wrong; the store's is used");
    else log.info(fields, "this machine's clock is right again");
  };
}
