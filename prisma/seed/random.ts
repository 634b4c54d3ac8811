import { v7 } from 'uuid';

/** Reproducible pseudo-random numbers. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  /** A UUIDv7 for a time in Unix milliseconds. */
  id(time: number): string;
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for a few thousand draws. */
export function createRandom(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between,
    id: (time) => v7({ msecs: time, seq: 0, random: Uint8Array.from({ length: 16 }, () => between(0, 255)) }),
  };
}
