/**
 * The keys and channels of one conversation's feed. They share a hash tag, so that on Redis Cluster they are in one slot and
 * one script can use them all.
 */
export interface FeedKeys {
  /** Hash: the epoch, the newest sequence number, the fence, the held turn. */
  readonly meta: string;
  /** String: the text of the held turn. */
  readonly text: string;
  /** Stream: the retained events; an entry's id is its seq. */
  readonly log: string;
  /** Channel: every event as it is appended. */
  readonly live: string;
  /** Channel: the id of each turn as it is cut off. */
  readonly fence: string;
}

export function feedKeys(prefix: string, conversationId: string): FeedKeys {
  const key = (part: string) => `${prefix}:{${conversationId}}:${part}`;
  return {
    meta: key('feed'),
    text: key('feed:text'),
    log: key('feed:log'),
    live: key('feed:live'),
    fence: key('feed:fence'),
  };
}
