import { existsSync } from 'node:fs';

/** Where Debian and Ubuntu keep libfaketime for programs with threads. */
const LIBRARIES = ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketimeMT.so.1`);

/** Whether this machine can start processes whose clock is wrong. */
export const hasFakeTime = (): boolean => LIBRARIES.some(existsSync);

/** The environment of a process whose machine's clock is off by so much: `+1h`, `-1h`. Time passes there as it does. */
export function clockOff(by: string): Record<string, string> {
  return {
    LD_PRELOAD: LIBRARIES.find(existsSync) ?? '',
    FAKETIME: by,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}
