import { v7 } from 'uuid';
import { SeededRandom } from '../../test/support/seeded-random.ts';

/** Reproducible pseudo-random numbers, and ids made of them. */
export class Random extends SeededRandom {
  /** A UUIDv7 for a time, in Unix milliseconds. */
  id(time: number): string {
    const random = Uint8Array.from({ length: 16 }, () => this.between(0, 255));
    return v7({ msecs: time, seq: 0, random });
  }
}
