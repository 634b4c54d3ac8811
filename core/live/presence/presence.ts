/** Whether anybody listens to a conversation, in any process. */
export interface Presence {
  /** Adds a listener until the returned function is called or this process dies. */
  join(conversationId: string): Promise<() => void>;
  /** Whether anybody listens. The listeners of a process that died still count for at most 30 s. */
  isAnyone(conversationId: string): Promise<boolean>;
  /** Removes all listeners of this process. Idempotent. */
  stop(): Promise<void>;
}
