/**
 * What `connect` is made of, for a client with a transport and a cache of its own, such as the web client of TaskFlow:
 * a session follows a conversation, and an outbox sends its messages.
 */
export { backoff } from './backoff.ts';
export { type ConnectionState, ConnectionStatus } from './connection-status.ts';
export { conversationsWithItems, keptItems } from './kept-items.ts';
export {
  type ConversationEvent,
  type Failure,
  isOpen,
  type LiveState,
  type LiveTurn,
  type PendingTurn,
  type Substitution,
  substitutionOf,
  unansweredIn,
} from './live-state.ts';
export type { LiveStore, Seen } from './live-store.ts';
export { Outbox, type Outgoing, type Send } from './outbox.ts';
export { type Pause, pauseUntilOnline } from './pause.ts';
export { limitedFor, type Problem } from './problem.ts';
export { renewOver } from './renew-over.ts';
export { SENT_AGAIN } from './send-over.ts';
export { Session, type SessionContext, type SessionPhase } from './session.ts';
export { createSocket, type Socket } from './socket.ts';
export { applyToThread } from './stored-thread.ts';
export { type ForeverOptions, subscribeForever } from './subscribe-forever.ts';
export { answersUser } from './turn-cause.ts';
export { TypingSignal } from './typing-signal.ts';
export { uuid } from './uuid.ts';
