import type { Position } from './events.ts';

/** The caller's cursor does not have the form of one that this platform returns. */
export class MalformedCursorError extends Error {
  override name = 'MalformedCursorError';
  constructor() {
    super('not a cursor: pass one exactly as it was received');
  }
}

const CURSOR = /^([A-Za-z0-9_-]{8,32})\.(0|[1-9][0-9]{0,15})$/;

/** A position as the opaque string that callers pass back as `after`. */
export function encodeCursor(position: Position): string {
  return `${position.epoch}.${position.seq}`;
}

/** @throws {MalformedCursorError} when `cursor` does not have the form that {@link encodeCursor} returns */
export function decodeCursor(cursor: string): Position {
  const [, epoch, digits] = CURSOR.exec(cursor) ?? [];
  const seq = Number(digits);
  if (epoch === undefined || !Number.isSafeInteger(seq)) throw new MalformedCursorError();
  return { epoch, seq };
}
