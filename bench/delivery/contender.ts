import type { BenchProcess } from '../process.ts';

/** A server in the comparison. */
export interface Contender {
  readonly name: ContenderName;
  readonly process: BenchProcess;
  /** Begins conversations, each with one answer that is being spoken. */
  open(count: number): Promise<SpokenConversation[]>;
  /** Everything that is published within reaches the server's subscriber in one piece. */
  inOnePiece(publish: () => void): Promise<void>;
  stop(): Promise<void>;
}

/** From the one all others are compared to. */
export const CONTENDERS = ['bare', 'apollo', 'yoga', 'mercurius', 'taskflow'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

/** A conversation whose tokens the benchmark publishes. */
export interface SpokenConversation {
  /** Variables of its subscription. */
  readonly variables: { conversationId: string; after: string | null };
  /** How many tokens were published. */
  readonly sent: number;
  /** Publishes the next token. */
  speak(): Promise<unknown>;
}
