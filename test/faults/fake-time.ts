import { existsSync } from 'node:fs';

/** Where Debian and Ubuntu keep libfaketime for programs with threads. */
const LIBRARIES = ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketimeMT.so.1`);

/** Whether this machine can start processes with a wrong clock. */
export const hasFakeTime = (): boolean => LIBRARIES.some(existsSync);

/** The environment of a process whose clock is off by `offset`, such as `+1h` or `-1h`. Time passes at its normal rate. */
export function clockOff(by: string): Record<string, string> {
  return {
    LD_PRELOAD: LIBRARIES.find(existsSync) ?? '',
    FAKETIME: by,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}
