/** Who is listening to a conversation, over all processes. */
export interface Presence {
  /** Counts one more listener until the returned function is called, or this process dies. */
  join(conversationId: string): Promise<() => void>;
  /** Whether anybody listens. A process that died is believed in for 30 s at most. */
  isAnyone(conversationId: string): Promise<boolean>;
  /** Everybody whom this process counted has left; idempotent. */
  stop(): Promise<void>;
}
