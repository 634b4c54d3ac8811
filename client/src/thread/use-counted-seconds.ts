import { useEffect, useState } from 'react';

/** Whole seconds, counted from `seconds` by this machine's clock until another value comes; null while `seconds` is null. */
export function useCountedSeconds(seconds: number | null): number | null {
  const [counted, setCounted] = useState({ from: seconds, since: 0 });
  useEffect(() => {
    if (seconds === null) return;
    const begun = performance.now();
    const tick = () => setCounted({ from: seconds, since: Math.round((performance.now() - begun) / 1_000) });
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [seconds]);
  if (seconds === null) return null;
  return Math.floor(seconds + (counted.from === seconds ? counted.since : 0));
}
