export { type ConnectOptions, connect, type TaskFlow } from './connect.ts';
export type { ConnectionState } from './connection-status.ts';
export type { Conversation, ConversationState, Message, SendOptions } from './conversation.ts';
export type { ConversationStatus, WhileSpeaking } from './gql/graphql.ts';
export type { TextStorage } from './kept-in.ts';
export type { Failure, LiveTurn } from './live-state.ts';
export type { Outcome } from './operation.ts';
export type { Outgoing, Receipt } from './outbox.ts';
export type { Fault, Problem } from './problem.ts';
