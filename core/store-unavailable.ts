import { isDatabaseUnavailable } from './db/unavailable.ts';
import { UnavailableError } from './domain/errors.ts';
import { FeedUnavailableError } from './live/feed/feed.ts';
import { QueueUnavailableError } from './queue/queue-unavailable.ts';

/** Whether an error says that the database or Redis, or what stands on them, is unavailable: trying again may help. */
export function isStoreUnavailable(error: unknown): boolean {
  return (
    error instanceof FeedUnavailableError ||
    error instanceof QueueUnavailableError ||
    error instanceof UnavailableError ||
    isDatabaseUnavailable(error)
  );
}
