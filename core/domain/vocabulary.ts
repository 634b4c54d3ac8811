/**
 * The enum values of the API's contract, as they are stored and sent.
 * The database repeats them in CHECK constraints, the GraphQL schema in enums.
 */
export const CONVERSATION_STATUSES = ['ACTIVE', 'COMPLETED', 'CANCELLED'] as const;
export type ConversationStatus = (typeof CONVERSATION_STATUSES)[number];

/** The right of a caller. */
export const ROLES = ['USER', 'ADMIN', 'OPERATOR', 'SERVICE'] as const;
export type Role = (typeof ROLES)[number];

/** The roles of people who sign in here: a service has a token of its own. */
export const PERSON_ROLES = ['USER', 'ADMIN', 'OPERATOR'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

/** What an API token may be used for. */
export const API_SCOPES = [
  'CONVERSATIONS_READ',
  'CONVERSATIONS_WRITE',
  'TELEMETRY_READ',
  'TELEMETRY_WRITE',
] as const;
export type ApiScope = (typeof API_SCOPES)[number];

export const MESSAGE_ROLES = ['USER', 'ASSISTANT', 'SYSTEM'] as const;
export type MessageRole = (typeof MESSAGE_ROLES)[number];

export const MESSAGE_STATUSES = ['COMPLETED', 'INTERRUPTED'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

export const PACINGS = ['HUMAN', 'READING', 'INSTANT'] as const;
export type Pacing = (typeof PACINGS)[number];

/** What a new message does to the answer being spoken. */
export const WHILE_SPEAKING = ['INTERRUPT', 'AFTER_SENTENCE', 'QUEUE', 'REJECT', 'AUTO'] as const;
export type WhileSpeaking = (typeof WHILE_SPEAKING)[number];

export const TURN_CAUSES = ['GREETING', 'USER_MESSAGE', 'IDLE_NUDGE', 'REGENERATION'] as const;
export type TurnCause = (typeof TURN_CAUSES)[number];

export const INTERRUPTION_REASONS = [
  'USER_MESSAGE',
  'CANCELLED',
  'CONVERSATION_ENDED',
  'MODEL_FAILED',
  'SHUTDOWN',
] as const;
export type InterruptionReason = (typeof INTERRUPTION_REASONS)[number];

export const END_REASONS = ['IDLE_TIMEOUT', 'ENDED_BY_USER'] as const;
export type EndReason = (typeof END_REASONS)[number];

export const MODEL_ERROR_CODES = [
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
  'MODEL_NOT_FOUND',
  'PERMISSION_DENIED',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
  'CONTENT_BLOCKED',
  'CONTEXT_TOO_LONG',
  'NO_ANSWER',
  'UNKNOWN',
] as const;
export type ModelErrorCode = (typeof MODEL_ERROR_CODES)[number];

export const MODEL_UNAVAILABILITIES = ['RETIRED', 'UNAVAILABLE'] as const;
export type ModelUnavailability = (typeof MODEL_UNAVAILABILITIES)[number];

/** Why another model than the requested one answers. `requestedModel`: the id of the requested one. */
export interface ModelFallback {
  requestedModel: string;
  unavailability: ModelUnavailability;
}

/** The tokens of an answer, as the provider counted them. `inputTokens`: the prompt with its context. */
export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
}
