import {
  API_SCOPES,
  CONVERSATION_STATUSES,
  END_REASONS,
  INTERRUPTION_REASONS,
  MESSAGE_ROLES,
  MESSAGE_STATUSES,
  MODEL_ERROR_CODES,
  MODEL_UNAVAILABILITIES,
  PACINGS,
  ROLES,
  TURN_CAUSES,
  WHILE_SPEAKING,
} from '../../../core/domain/vocabulary.ts';
import { INFERENCE_STATUSES } from '../../../core/inference/inference-record.ts';
import { CHANGE_KINDS } from '../../../core/live/changes/conversation-changes.ts';
import { builder } from '../builder.ts';
import { described, mayGrow } from './described.ts';

export const ConversationStatus = builder.enumType('ConversationStatus', {
  description: mayGrow('Whether a conversation is active, or how it ended.'),
  values: described(CONVERSATION_STATUSES, {
    ACTIVE: 'It is open, and messages are answered.',
    COMPLETED: 'It ended because the user was idle. A message makes it ACTIVE again.',
    CANCELLED: 'The user ended it. A message makes it ACTIVE again.',
  }),
});

export const ModelUnavailability = builder.enumType('ModelUnavailability', {
  description: mayGrow('Why another model answers instead of the requested one.'),
  values: described(MODEL_UNAVAILABILITIES, {
    RETIRED: 'It is not offered any more.',
    UNAVAILABLE:
      'Its circuit breaker is open because it has failed repeatedly, or this installation has no key for it.',
  }),
});

export const InferenceStatus = builder.enumType('InferenceStatus', {
  description: mayGrow('How a call to a model ended.'),
  values: described(INFERENCE_STATUSES, {
    SUCCESS: 'The model answered to the end.',
    ERROR: 'The call failed; see its error code.',
    ABORTED: 'The caller cut it off.',
  }),
});

export const MessageRole = builder.enumType('MessageRole', {
  description: mayGrow('Who wrote or spoke a message.'),
  values: described(MESSAGE_ROLES, {
    USER: 'The user wrote this message.',
    ASSISTANT: 'The AI spoke this message.',
    SYSTEM: 'Neither: an instruction to the AI.',
  }),
});

export const MessageStatus = builder.enumType('MessageStatus', {
  description: mayGrow('Whether a message is whole.'),
  values: described(MESSAGE_STATUSES, {
    COMPLETED: 'It was written or spoken to its end.',
    INTERRUPTED: 'The answer was cut off; `content` is exactly what had been spoken to the user by then.',
  }),
});

export const Pacing = builder.enumType('Pacing', {
  description: mayGrow('How fast answers are spoken. Stored with the conversation.'),
  values: described(PACINGS, {
    HUMAN:
      'A beat for each token, longer at the ends of clauses and sentences, at most 1.5 s behind the model: a cadence of about 1,000 words a minute, not a speed at which people read.',
    READING:
      "At a reader's speed, `readingWpm` words a minute with their pauses, code line by line, as far behind the model as that takes.",
    INSTANT: 'As fast as the model produces.',
  }),
});

export const TurnState = builder.enumType('TurnState', {
  description: mayGrow('The state of a turn that has not ended.'),
  values: described(['PENDING', 'SPEAKING'] as const, {
    PENDING: 'Accepted; its TurnStarted is not published yet.',
    SPEAKING: 'Begun: its TurnStarted is published, and text follows.',
  }),
});

export const TurnCause = builder.enumType('TurnCause', {
  description: mayGrow('Why the AI speaks.'),
  values: described(TURN_CAUSES, {
    GREETING: 'The conversation was created, and the AI speaks first.',
    USER_MESSAGE: 'The user sent a message.',
    IDLE_NUDGE: 'Nothing was said for a while, and the AI speaks up.',
    REGENERATION: 'The user asked for another answer to a message.',
  }),
});

export const InterruptionReason = builder.enumType('InterruptionReason', {
  description: mayGrow('Why an answer was cut off.'),
  values: described(INTERRUPTION_REASONS, {
    USER_MESSAGE: 'The user sent a message while it was spoken.',
    CANCELLED: '`cancelTurn` stopped the answer.',
    CONVERSATION_ENDED: 'The conversation was ended or deleted.',
    MODEL_FAILED: 'The model failed: see `failure` of the message that it answers.',
    SHUTDOWN: 'The process that spoke it was stopped, and no other could take over.',
  }),
});

export const EndReason = builder.enumType('EndReason', {
  description: mayGrow('Why a conversation ended.'),
  values: described(END_REASONS, {
    IDLE_TIMEOUT: 'The user did not answer the nudge in time.',
    ENDED_BY_USER: 'The user ended it by `endConversation`.',
  }),
});

export const ModelErrorCode = builder.enumType('ModelErrorCode', {
  description: mayGrow('Why the model could not answer.'),
  values: described(MODEL_ERROR_CODES, {
    RATE_LIMITED: 'Too many requests to the provider.',
    QUOTA_EXCEEDED: "The provider's quota or budget is used up.",
    MODEL_NOT_FOUND: 'The provider does not have the model.',
    PERMISSION_DENIED: 'The provider refuses the key.',
    SERVICE_UNAVAILABLE: 'The provider is down or cannot be reached.',
    TIMEOUT: 'The model did not answer in time.',
    CONTENT_BLOCKED: "The provider's content filter stopped the answer.",
    CONTEXT_TOO_LONG: "The prompt is longer than the model's context window.",
    NO_ANSWER: 'The model ended its answer without any text.',
    UNKNOWN: 'None of the other codes describes it.',
  }),
});

export const ConversationChangeKind = builder.enumType('ConversationChangeKind', {
  description: mayGrow('What happened to a conversation in the list.'),
  values: described(CHANGE_KINDS, {
    CREATED: 'It is new in the list.',
    UPDATED: 'Its settings changed, something was said in it, or an answer began or ended.',
    ENDED: 'It is not ACTIVE any more.',
    DELETED: 'It does not exist any more.',
  }),
});

export const UserActivity = builder.enumType('UserActivity', {
  description: mayGrow('What the user is doing.'),
  values: described(['TYPING', 'READING', 'NONE'] as const, {
    TYPING: 'Typing a message: shown to other listeners, lapses after 10 s without another report.',
    READING:
      'Scrolling, selecting or looking: restarts the idle timer. It is not shown to listeners, and has no effect in a conversation that has ended or has no turn yet.',
    NONE: 'No activity to show; ends TYPING at once.',
  }),
});

export const ApiScope = builder.enumType('ApiScope', {
  description: mayGrow('What an API token may be used for, within the role of its owner.'),
  values: described(API_SCOPES, {
    CONVERSATIONS_READ: 'Read conversations and listen to them.',
    CONVERSATIONS_WRITE: 'Create, answer, change and delete conversations, and read them.',
    TELEMETRY_READ: 'Read telemetry of calls to models. For ADMIN and OPERATOR.',
    TELEMETRY_WRITE: 'Report telemetry. For SERVICE, ADMIN and OPERATOR.',
  }),
});

export const Role = builder.enumType('Role', {
  description: mayGrow('What a caller may do.'),
  values: described(ROLES, {
    USER: 'Hold conversations of their own.',
    ADMIN: "Also read a tenant's telemetry.",
    OPERATOR: "Also read the installation's telemetry.",
    SERVICE: 'Another program: also report telemetry.',
  }),
});

export const WhileSpeaking = builder.enumType('WhileSpeaking', {
  description: mayGrow(
    'What a new message does to the answer being spoken. Without one, each means the same.',
  ),
  values: described(WHILE_SPEAKING, {
    INTERRUPT: 'It cuts the answer off at once.',
    AFTER_SENTENCE:
      'It waits, and cuts the answer off at the end of the sentence being spoken, after 5 s at the latest.',
    QUEUE: 'It waits until the answer has ended, in whichever way.',
    REJECT: 'It is not stored: BusyError.',
    AUTO: 'A mere acknowledgement (`ok`, `mm-hm`) is stored and cuts nothing off; anything else interrupts.',
  }),
});
