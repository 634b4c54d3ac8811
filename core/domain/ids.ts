import { v7 as uuidv7 } from 'uuid';

/**
 * A new UUIDv7 (RFC 9562, 5.7) that sorts after `after`, even if this clock is behind the one that created `after`. `now`:
 * Unix milliseconds by the store's clock; unset: this machine's clock.
 */
export function idAfter(after: string | null, now?: number): string {
  const id = now === undefined ? uuidv7() : uuidv7({ msecs: Math.floor(now) });
  return after === null || id > after ? id : uuidv7({ msecs: timeOfId(after) + 1, seq: 0 });
}

/** The time in a UUIDv7, in Unix milliseconds. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The lowest UUIDv7 of a time, in Unix milliseconds. */
export function firstIdOf(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether `value` is a UUID in the form that is stored: lower case, with dashes. */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}
