import type { ServerResponse } from 'node:http';
import type { Owner } from '../../core/domain/owner.ts';
import type { UnreadBytes } from './unread-bytes.ts';

/** How long a response may wait for its client to read any of it, in milliseconds: as long as a silent socket is open. */
const UNREAD_WITHIN_MS = 24_000;

/**
 * Counts what is unread of a response as its caller's, and ends it when its client reads nothing of it for `withinMs`
 * milliseconds: Node would keep it, and what it holds, for ever.
 */
export function boundUnread(
  response: ServerResponse,
  caller: Owner,
  unread: Pick<UnreadBytes, 'track'>,
  withinMs = UNREAD_WITHIN_MS,
): void {
  // Node measures from the last progress in either direction.
  response.setTimeout(withinMs, () => {
    if (response.writableLength > 0) response.destroy();
  });
  response.once(
    'close',
    unread.track(caller, () => response.writableLength),
  );
}
