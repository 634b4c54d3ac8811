import { CHANGE_KINDS } from '../../core/changes/conversation-changes.ts';
import {
  AI_ERROR_CODES,
  CONVERSATION_STATUSES,
  END_REASONS,
  INTERRUPTION_REASONS,
  MESSAGE_ROLES,
  MESSAGE_STATUSES,
  MODEL_FALLBACK_REASONS,
  PACINGS,
  TURN_CAUSES,
} from '../../core/conversation/vocabulary.ts';
import { INFERENCE_STATUSES } from '../../core/inference/inference-record.ts';
import { builder } from './builder.ts';

export const ConversationStatus = builder.enumType('ConversationStatus', {
  description: 'Whether a conversation goes on.',
  values: described(CONVERSATION_STATUSES, {
    ACTIVE: 'It goes on.',
    COMPLETED: 'Ended by idleness.',
    CANCELLED: 'Ended by the user.',
  }),
});

export const ModelFallbackReason = builder.enumType('ModelFallbackReason', {
  description: 'Why another model answers than the one that was asked for.',
  values: described(MODEL_FALLBACK_REASONS, {
    RETIRED: 'It is not offered any more.',
    UNAVAILABLE: 'It fails at the moment.',
  }),
});

export const InferenceStatus = builder.enumType('InferenceStatus', {
  description: 'How a call to a model ended.',
  values: described(INFERENCE_STATUSES, {
    SUCCESS: 'The model answered to the end.',
    ERROR: 'It failed.',
    ABORTED: 'It was cut off by whoever asked.',
  }),
});

export const MessageRole = builder.enumType('MessageRole', {
  description: 'Who said it.',
  values: described(MESSAGE_ROLES, {
    USER: 'The user.',
    ASSISTANT: 'The AI.',
    SYSTEM: 'Neither: an instruction to the AI.',
  }),
});

export const MessageStatus = builder.enumType('MessageStatus', {
  description: 'Whether it was said to its end.',
  values: described(MESSAGE_STATUSES, {
    COMPLETED: 'Said to its end.',
    INTERRUPTED:
      'The answer was cut off; `content` is what had been spoken to the user by then, to the character.',
  }),
});

export const Pacing = builder.enumType('Pacing', {
  description: 'How fast an answer is spoken. Persisted per conversation.',
  values: described(PACINGS, {
    HUMAN:
      'Human cadence: a short beat per token, longer at clause and sentence ends, bounded lag behind the model.',
    INSTANT: 'As fast as the model produces.',
  }),
});

export const TurnCause = builder.enumType('TurnCause', {
  description: 'Why the AI speaks.',
  values: described(TURN_CAUSES, {
    GREETING: 'The conversation was created.',
    USER_MESSAGE: 'The user sent a message.',
    IDLE_NUDGE: 'Nobody has said anything for a while.',
  }),
});

export const InterruptionReason = builder.enumType('InterruptionReason', {
  description: 'Why an answer was cut off.',
  values: described(INTERRUPTION_REASONS, {
    USER_MESSAGE: 'The user sent a message meanwhile.',
    CANCELLED: 'It was stopped.',
    CONVERSATION_ENDED: 'The conversation was ended or deleted.',
  }),
});

export const EndReason = builder.enumType('EndReason', {
  description: 'Why a conversation ended.',
  values: described(END_REASONS, { IDLE_TIMEOUT: 'Nobody answered.', CANCELLED: 'The user ended it.' }),
});

export const AiErrorCode = builder.enumType('AiErrorCode', {
  description: 'Why the model could not answer.',
  values: described(AI_ERROR_CODES, {
    RATE_LIMITED: 'Too many requests to the provider.',
    QUOTA_EXCEEDED: "The provider's quota or budget is used up.",
    MODEL_NOT_FOUND: 'The provider does not have the model.',
    PERMISSION_DENIED: 'The provider refuses the key.',
    SERVICE_UNAVAILABLE: 'The provider is out of order or out of reach.',
    TIMEOUT: 'The model did not answer in time.',
    CONTENT_BLOCKED: "The provider's content filter stopped the answer.",
    UNKNOWN: 'None of the others.',
  }),
});

export const ConversationChangeKind = builder.enumType('ConversationChangeKind', {
  description: 'What happened to a conversation in the list.',
  values: described(CHANGE_KINDS, {
    CREATED: 'It is new.',
    UPDATED: 'It was renamed, or something was said in it.',
    ENDED: 'It has ended.',
    DELETED: 'It is gone.',
  }),
});

export const Role = builder.enumType('Role', {
  description: 'What a caller may do.',
  values: described(['USER', 'ADMIN', 'SERVICE'] as const, {
    USER: 'Hold conversations.',
    ADMIN: 'Also read the telemetry.',
    SERVICE: 'Another program: also report telemetry.',
  }),
});

type Described<V extends string> = { [K in V]: { value: K; description: string } };

function described<const V extends string>(
  values: readonly V[],
  descriptions: Record<V, string>,
): Described<V> {
  const entries = values.map((value) => [value, { value, description: descriptions[value] }]);
  return Object.fromEntries(entries) as Described<V>;
}
