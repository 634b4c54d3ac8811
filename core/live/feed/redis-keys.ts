/**
 * The keys and channels of one conversation's feed. They share a hash tag, so that on Redis Cluster they live in one
 * slot and one script may touch them all.
 */
export interface FeedKeys {
  /** Hash: the epoch, the newest seq, the fence, the open turn. */
  readonly meta: string;
  /** String: what the open turn has said. */
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
