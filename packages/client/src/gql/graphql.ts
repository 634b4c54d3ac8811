/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which answer to stop. */
export type CancelTurnInput = {
  /** The conversation in which the AI speaks. */
  conversationId: string | number;
  /** How much of the answer being spoken was on the screen: the answer ends there. All that was spoken, unless given. */
  seen?: SeenInput | null | undefined;
  /** The turn to stop; unless given, the turn that is pending or being spoken. */
  turnId?: string | number | null | undefined;
};

/** Whether a conversation is active, or how it ended. More values may be added: treat a value that you do not know as an unknown state. */
export type ConversationStatus =
  /** It is open, and messages are answered. */
  | 'ACTIVE'
  /** The user ended it. A message makes it ACTIVE again. */
  | 'CANCELLED'
  /** It ended because the user was idle. A message makes it ACTIVE again. */
  | 'COMPLETED';

/** Why a conversation ended. More values may be added: treat a value that you do not know as an unknown state. */
export type EndReason =
  /** The user ended it by `endConversation`. */
  | 'ENDED_BY_USER'
  /** The user did not answer the nudge in time. */
  | 'IDLE_TIMEOUT';

/** Why an answer was cut off. More values may be added: treat a value that you do not know as an unknown state. */
export type InterruptionReason =
  /** `cancelTurn` stopped the answer. */
  | 'CANCELLED'
  /** The conversation was ended or deleted. */
  | 'CONVERSATION_ENDED'
  /** The model failed: see `failure` of the message that it answers. */
  | 'MODEL_FAILED'
  /** The process that spoke it was stopped, and no other could take over. */
  | 'SHUTDOWN'
  /** The user sent a message while it was spoken. */
  | 'USER_MESSAGE';

/** Who wrote or spoke a message. More values may be added: treat a value that you do not know as an unknown state. */
export type MessageRole =
  /** The AI spoke this message. */
  | 'ASSISTANT'
  /** Neither: an instruction to the AI. */
  | 'SYSTEM'
  /** The user wrote this message. */
  | 'USER';

/** Whether a message is whole. More values may be added: treat a value that you do not know as an unknown state. */
export type MessageStatus =
  /** It was written or spoken to its end. */
  | 'COMPLETED'
  /** The answer was cut off; `content` is exactly what had been spoken to the user by then. */
  | 'INTERRUPTED';

/** Why the model could not answer. More values may be added: treat a value that you do not know as an unknown state. */
export type ModelErrorCode =
  /** The provider's content filter stopped the answer. */
  | 'CONTENT_BLOCKED'
  /** The prompt is longer than the model's context window. */
  | 'CONTEXT_TOO_LONG'
  /** The provider does not have the model. */
  | 'MODEL_NOT_FOUND'
  /** The model ended its answer without any text. */
  | 'NO_ANSWER'
  /** The provider refuses the key. */
  | 'PERMISSION_DENIED'
  /** The provider's quota or budget is used up. */
  | 'QUOTA_EXCEEDED'
  /** Too many requests to the provider. */
  | 'RATE_LIMITED'
  /** The provider is down or cannot be reached. */
  | 'SERVICE_UNAVAILABLE'
  /** The model did not answer in time. */
  | 'TIMEOUT'
  /** None of the other codes describes it. */
  | 'UNKNOWN';

/** Why another model answers instead of the requested one. More values may be added: treat a value that you do not know as an unknown state. */
export type ModelUnavailability =
  /** It is not offered any more. */
  | 'RETIRED'
  /** Its circuit breaker is open because it has failed repeatedly, or this installation has no key for it. */
  | 'UNAVAILABLE';

/** How fast answers are spoken. Stored with the conversation. More values may be added: treat a value that you do not know as an unknown state. */
export type Pacing =
  /** A beat for each token, longer at the ends of clauses and sentences, at most 1.5 s behind the model: a cadence of about 1,000 words a minute, not a speed at which people read. */
  | 'HUMAN'
  /** As fast as the model produces. */
  | 'INSTANT'
  /** At a reader's speed, `readingWpm` words a minute with their pauses, code line by line, as far behind the model as that takes. */
  | 'READING';

/** The token by which a socket goes on. */
export type RenewSessionInput = {
  /** A token of the same viewer, as it stands after `Bearer`. */
  token: string;
};

/** What the user is doing, and where. */
export type ReportActivityInput = {
  /** What the user is doing now. */
  activity: UserActivity;
  /** The conversation that is open. */
  conversationId: string | number;
};

/** How much of the answer being spoken the caller had on the screen: what is stored of it, and what the model remembers, ends there. It can only shorten. Of a turn that is over it changes nothing; of another conversation it is an InvalidInputError. */
export type SeenInput = {
  /** How much of the turn's text, in UTF-16 code units, as in TurnTextAdded. Past what was spoken it counts as all of it; within a grapheme, as the beginning of that grapheme. */
  offset: number;
  /** The turn that was on the screen. */
  turnId: string | number;
};

/** A message of the user, and where it goes. */
export type SendMessageInput = {
  /** Makes a retry safe: the same id and text return the message already stored and start nothing; another text is an InvalidInputError. */
  clientMessageId?: string | null | undefined;
  /** The conversation that it is sent to. */
  conversationId: string | number;
  /** How much of the answer being spoken was on the screen: the answer ends there. All that was spoken, unless given. */
  seen?: SeenInput | null | undefined;
  /** 1 to 32,000 characters (Unicode code points); not only white space. Stored trimmed. */
  text: string;
  /** What it does to an answer being spoken. */
  whileSpeaking?: WhileSpeaking;
};

/** Why the AI speaks. More values may be added: treat a value that you do not know as an unknown state. */
export type TurnCause =
  /** The conversation was created, and the AI speaks first. */
  | 'GREETING'
  /** Nothing was said for a while, and the AI speaks up. */
  | 'IDLE_NUDGE'
  /** The user asked for another answer to a message. */
  | 'REGENERATION'
  /** The user sent a message. */
  | 'USER_MESSAGE';

/** The state of a turn that has not ended. More values may be added: treat a value that you do not know as an unknown state. */
export type TurnState =
  /** Accepted; its TurnStarted is not published yet. */
  | 'PENDING'
  /** Begun: its TurnStarted is published, and text follows. */
  | 'SPEAKING';

/** What the user is doing. More values may be added: treat a value that you do not know as an unknown state. */
export type UserActivity =
  /** No activity to show; ends TYPING at once. */
  | 'NONE'
  /** Scrolling, selecting or looking: restarts the idle timer. It is not shown to listeners, and has no effect in a conversation that has ended or has no turn yet. */
  | 'READING'
  /** Typing a message: shown to other listeners, lapses after 10 s without another report. */
  | 'TYPING';

/** What a new message does to the answer being spoken. Without one, each means the same. More values may be added: treat a value that you do not know as an unknown state. */
export type WhileSpeaking =
  /** It waits, and cuts the answer off at the end of the sentence being spoken, after 5 s at the latest. */
  | 'AFTER_SENTENCE'
  /** A mere acknowledgement (`ok`, `mm-hm`) is stored and cuts nothing off; anything else interrupts. */
  | 'AUTO'
  /** It cuts the answer off at once. */
  | 'INTERRUPT'
  /** It waits until the answer has ended, in whichever way. */
  | 'QUEUE'
  /** It is not stored: BusyError. */
  | 'REJECT';

export type FailurePartsFragment = { __typename: 'TurnFailure', turnId: string, code: ModelErrorCode, text: string, retryable: boolean };

export type FallbackPartsFragment = { __typename: 'ModelFallback', unavailability: ModelUnavailability, requestedModel: { __typename: 'Model', id: string, name: string } };

export type MessagePartsFragment = { __typename: 'Message', id: string, role: MessageRole, content: string, status: MessageStatus, isTruncated: boolean, createdAt: string, clientMessageId: string | null, answeredBy: { __typename: 'Model', id: string, name: string } | null, failure: { __typename: 'TurnFailure', turnId: string, code: ModelErrorCode, text: string, retryable: boolean } | null, acknowledges: { __typename: 'TurnPosition', turnId: string, offset: number } | null };

export type QueuedPartsFragment = { __typename: 'QueuedMessage', id: string, text: string, clientMessageId: string | null };

export type ThreadMessagesFragment = { __typename: 'Conversation', messages: { __typename: 'MessageConnection', nodes: Array<{ __typename: 'Message', id: string, role: MessageRole, content: string, status: MessageStatus, isTruncated: boolean, createdAt: string, clientMessageId: string | null, answeredBy: { __typename: 'Model', id: string, name: string } | null, failure: { __typename: 'TurnFailure', turnId: string, code: ModelErrorCode, text: string, retryable: boolean } | null, acknowledges: { __typename: 'TurnPosition', turnId: string, offset: number } | null }>, pageInfo: { __typename: 'PageInfo', hasPreviousPage: boolean, startCursor: string | null } }, queuedMessages: Array<{ __typename: 'QueuedMessage', id: string, text: string, clientMessageId: string | null }>, failure: { __typename: 'TurnFailure', turnId: string, code: ModelErrorCode, text: string, retryable: boolean } | null };

export type ThreadFeedFragment = { __typename: 'Conversation', latestEventCursor: string, activeTurn: { __typename: 'Turn', turnId: string, state: TurnState, cause: TurnCause, text: string, startedAt: string | null, model: { __typename: 'Model', id: string, name: string }, fallback: { __typename: 'ModelFallback', unavailability: ModelUnavailability, requestedModel: { __typename: 'Model', id: string, name: string } } | null } | null };

export type LoadConversationQueryVariables = Exact<{
  id: string | number;
}>;


export type LoadConversationQuery = { __typename: 'Query', conversation: { __typename: 'Conversation', id: string, title: string | null, status: ConversationStatus, lastActivityAt: string, pacing: Pacing, readingWpm: number | null, latestEventCursor: string, model: { __typename: 'Model', id: string, name: string }, messages: { __typename: 'MessageConnection', nodes: Array<{ __typename: 'Message', id: string, role: MessageRole, content: string, status: MessageStatus, isTruncated: boolean, createdAt: string, clientMessageId: string | null, answeredBy: { __typename: 'Model', id: string, name: string } | null, failure: { __typename: 'TurnFailure', turnId: string, code: ModelErrorCode, text: string, retryable: boolean } | null, acknowledges: { __typename: 'TurnPosition', turnId: string, offset: number } | null }>, pageInfo: { __typename: 'PageInfo', hasPreviousPage: boolean, startCursor: string | null } }, queuedMessages: Array<{ __typename: 'QueuedMessage', id: string, text: string, clientMessageId: string | null }>, failure: { __typename: 'TurnFailure', turnId: string, code: ModelErrorCode, text: string, retryable: boolean } | null, activeTurn: { __typename: 'Turn', turnId: string, state: TurnState, cause: TurnCause, text: string, startedAt: string | null, model: { __typename: 'Model', id: string, name: string }, fallback: { __typename: 'ModelFallback', unavailability: ModelUnavailability, requestedModel: { __typename: 'Model', id: string, name: string } } | null } | null } | null };

export type SendMutationVariables = Exact<{
  input: SendMessageInput;
}>;


export type SendMutation = { __typename: 'Mutation', sendMessage:
    | { __typename: 'BudgetExceededError', resetsAt: string, message: string }
    | { __typename: 'BusyError', message: string }
    | { __typename: 'InvalidInputError', message: string, fieldErrors: Array<{ __typename: 'FieldError', path: string, message: string }> }
    | { __typename: 'NotFoundError', message: string }
    | { __typename: 'RateLimitedError', retryAfterMs: number, message: string }
    | { __typename: 'SendMessageSuccess', turnId: string | null, sentMessage: { __typename: 'Message', id: string } | null, queuedMessage: { __typename: 'QueuedMessage', id: string } | null }
    | { __typename: 'UnavailableError', message: string }
   };

export type StopMutationVariables = Exact<{
  input: CancelTurnInput;
}>;


export type StopMutation = { __typename: 'Mutation', cancelTurn:
    | { __typename: 'CancelTurnSuccess', interrupted: { __typename: 'Message', id: string, role: MessageRole, content: string, status: MessageStatus, isTruncated: boolean, createdAt: string, clientMessageId: string | null, answeredBy: { __typename: 'Model', id: string, name: string } | null, failure: { __typename: 'TurnFailure', turnId: string, code: ModelErrorCode, text: string, retryable: boolean } | null, acknowledges: { __typename: 'TurnPosition', turnId: string, offset: number } | null } | null }
    | { __typename: 'InvalidInputError', message: string, fieldErrors: Array<{ __typename: 'FieldError', path: string, message: string }> }
    | { __typename: 'NotFoundError', message: string }
    | { __typename: 'RateLimitedError', retryAfterMs: number, message: string }
    | { __typename: 'UnavailableError', message: string }
   };

export type ReportActivityMutationVariables = Exact<{
  input: ReportActivityInput;
}>;


export type ReportActivityMutation = { __typename: 'Mutation', reportActivity:
    | { __typename: 'NotFoundError' }
    | { __typename: 'RateLimitedError' }
    | { __typename: 'ReportActivitySuccess' }
    | { __typename: 'UnavailableError' }
   };

export type ConversationEventsSubscriptionVariables = Exact<{
  conversationId: string | number;
  after?: string | null | undefined;
}>;


export type ConversationEventsSubscription = { conversationEvents:
    | { __typename: 'BranchSelected', cursor: string, at: string }
    | { __typename: 'ConversationEnded', endReason: EndReason, cursor: string, at: string }
    | { __typename: 'ConversationUpdated', title: string | null, pacing: Pacing, readingWpm: number | null, cursor: string, at: string, model: { __typename: 'Model', id: string, name: string } }
    | { __typename: 'FeedReset', cursor: string, at: string }
    | { __typename: 'MessageAdded', cursor: string, at: string, message: { __typename: 'Message', id: string, role: MessageRole, content: string, status: MessageStatus, isTruncated: boolean, createdAt: string, clientMessageId: string | null, answeredBy: { __typename: 'Model', id: string, name: string } | null, failure: { __typename: 'TurnFailure', turnId: string, code: ModelErrorCode, text: string, retryable: boolean } | null, acknowledges: { __typename: 'TurnPosition', turnId: string, offset: number } | null } }
    | { __typename: 'QueueChanged', cursor: string, at: string, queuedMessages: Array<{ __typename: 'QueuedMessage', id: string, text: string, clientMessageId: string | null }> }
    | { __typename: 'TurnCompleted', turnId: string, cursor: string, at: string, message: { __typename: 'Message', id: string, role: MessageRole, content: string, status: MessageStatus, isTruncated: boolean, createdAt: string, clientMessageId: string | null, answeredBy: { __typename: 'Model', id: string, name: string } | null, failure: { __typename: 'TurnFailure', turnId: string, code: ModelErrorCode, text: string, retryable: boolean } | null, acknowledges: { __typename: 'TurnPosition', turnId: string, offset: number } | null } }
    | { __typename: 'TurnFailed', turnId: string, cursor: string, at: string, failure: { __typename: 'TurnFailure', turnId: string, code: ModelErrorCode, text: string, retryable: boolean }, partial: { __typename: 'Message', id: string, role: MessageRole, content: string, status: MessageStatus, isTruncated: boolean, createdAt: string, clientMessageId: string | null, answeredBy: { __typename: 'Model', id: string, name: string } | null, failure: { __typename: 'TurnFailure', turnId: string, code: ModelErrorCode, text: string, retryable: boolean } | null, acknowledges: { __typename: 'TurnPosition', turnId: string, offset: number } | null } | null }
    | { __typename: 'TurnInterrupted', turnId: string, interruptionReason: InterruptionReason, cursor: string, at: string, partial: { __typename: 'Message', id: string, role: MessageRole, content: string, status: MessageStatus, isTruncated: boolean, createdAt: string, clientMessageId: string | null, answeredBy: { __typename: 'Model', id: string, name: string } | null, failure: { __typename: 'TurnFailure', turnId: string, code: ModelErrorCode, text: string, retryable: boolean } | null, acknowledges: { __typename: 'TurnPosition', turnId: string, offset: number } | null } | null }
    | { __typename: 'TurnStarted', turnId: string, cause: TurnCause, cursor: string, at: string, model: { __typename: 'Model', id: string, name: string }, fallback: { __typename: 'ModelFallback', unavailability: ModelUnavailability, requestedModel: { __typename: 'Model', id: string, name: string } } | null }
    | { __typename: 'TurnTextAdded', turnId: string, text: string, offset: number, cursor: string, at: string }
    | { __typename: 'TurnThinking', turnId: string, seconds: number, cursor: string, at: string }
    | { __typename: 'TypingChanged', typing: boolean, cursor: string, at: string }
    | { __typename: 'TypingNudge', text: string, cursor: string, at: string }
   };

type Failure_BudgetExceededError_Fragment = { __typename: 'BudgetExceededError', resetsAt: string, message: string };

type Failure_BusyError_Fragment = { __typename: 'BusyError', message: string };

type Failure_ForbiddenError_Fragment = { __typename: 'ForbiddenError', message: string };

type Failure_InvalidInputError_Fragment = { __typename: 'InvalidInputError', message: string, fieldErrors: Array<{ __typename: 'FieldError', path: string, message: string }> };

type Failure_NotFoundError_Fragment = { __typename: 'NotFoundError', message: string };

type Failure_RateLimitedError_Fragment = { __typename: 'RateLimitedError', retryAfterMs: number, message: string };

type Failure_UnavailableError_Fragment = { __typename: 'UnavailableError', message: string };

export type FailureFragment =
  | Failure_BudgetExceededError_Fragment
  | Failure_BusyError_Fragment
  | Failure_ForbiddenError_Fragment
  | Failure_InvalidInputError_Fragment
  | Failure_NotFoundError_Fragment
  | Failure_RateLimitedError_Fragment
  | Failure_UnavailableError_Fragment
;

export type RenewSessionMutationVariables = Exact<{
  input: RenewSessionInput;
}>;


export type RenewSessionMutation = { __typename: 'Mutation', renewSession:
    | { __typename: 'ForbiddenError', message: string }
    | { __typename: 'InvalidInputError', message: string, fieldErrors: Array<{ __typename: 'FieldError', path: string, message: string }> }
    | { __typename: 'RateLimitedError', retryAfterMs: number, message: string }
    | { __typename: 'RenewSessionSuccess', expiresAt: string | null }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const FailurePartsFragmentDoc = new TypedDocumentString(`
    fragment FailureParts on TurnFailure {
  __typename
  turnId
  code
  text
  retryable
}
    `, {"fragmentName":"FailureParts"}) as unknown as TypedDocumentString<FailurePartsFragment, unknown>;
export const MessagePartsFragmentDoc = new TypedDocumentString(`
    fragment MessageParts on Message {
  __typename
  id
  role
  content
  status
  isTruncated
  createdAt
  clientMessageId
  answeredBy {
    __typename
    id
    name
  }
  failure {
    __typename
    ...FailureParts
  }
  acknowledges {
    __typename
    turnId
    offset
  }
}
    fragment FailureParts on TurnFailure {
  __typename
  turnId
  code
  text
  retryable
}`, {"fragmentName":"MessageParts"}) as unknown as TypedDocumentString<MessagePartsFragment, unknown>;
export const QueuedPartsFragmentDoc = new TypedDocumentString(`
    fragment QueuedParts on QueuedMessage {
  __typename
  id
  text
  clientMessageId
}
    `, {"fragmentName":"QueuedParts"}) as unknown as TypedDocumentString<QueuedPartsFragment, unknown>;
export const ThreadMessagesFragmentDoc = new TypedDocumentString(`
    fragment ThreadMessages on Conversation {
  __typename
  messages(last: 50) {
    __typename
    nodes {
      __typename
      ...MessageParts
    }
    pageInfo {
      __typename
      hasPreviousPage
      startCursor
    }
  }
  queuedMessages {
    __typename
    ...QueuedParts
  }
  failure {
    __typename
    ...FailureParts
  }
}
    fragment FailureParts on TurnFailure {
  __typename
  turnId
  code
  text
  retryable
}
fragment MessageParts on Message {
  __typename
  id
  role
  content
  status
  isTruncated
  createdAt
  clientMessageId
  answeredBy {
    __typename
    id
    name
  }
  failure {
    __typename
    ...FailureParts
  }
  acknowledges {
    __typename
    turnId
    offset
  }
}
fragment QueuedParts on QueuedMessage {
  __typename
  id
  text
  clientMessageId
}`, {"fragmentName":"ThreadMessages"}) as unknown as TypedDocumentString<ThreadMessagesFragment, unknown>;
export const FallbackPartsFragmentDoc = new TypedDocumentString(`
    fragment FallbackParts on ModelFallback {
  __typename
  unavailability
  requestedModel {
    __typename
    id
    name
  }
}
    `, {"fragmentName":"FallbackParts"}) as unknown as TypedDocumentString<FallbackPartsFragment, unknown>;
export const ThreadFeedFragmentDoc = new TypedDocumentString(`
    fragment ThreadFeed on Conversation {
  __typename
  latestEventCursor
  activeTurn {
    __typename
    turnId
    state
    cause
    text
    startedAt
    model {
      __typename
      id
      name
    }
    fallback {
      __typename
      ...FallbackParts
    }
  }
}
    fragment FallbackParts on ModelFallback {
  __typename
  unavailability
  requestedModel {
    __typename
    id
    name
  }
}`, {"fragmentName":"ThreadFeed"}) as unknown as TypedDocumentString<ThreadFeedFragment, unknown>;
export const FailureFragmentDoc = new TypedDocumentString(`
    fragment Failure on UserError {
  __typename
  message
  ... on InvalidInputError {
    __typename
    fieldErrors {
      __typename
      path
      message
    }
  }
  ... on RateLimitedError {
    __typename
    retryAfterMs
  }
  ... on BudgetExceededError {
    __typename
    resetsAt
  }
}
    `, {"fragmentName":"Failure"}) as unknown as TypedDocumentString<FailureFragment, unknown>;
export const LoadConversationDocument = new TypedDocumentString(`
    query LoadConversation($id: ID!) {
  __typename
  conversation(id: $id) {
    __typename
    id
    title
    status
    lastActivityAt
    pacing
    readingWpm
    model {
      __typename
      id
      name
    }
    ...ThreadMessages
    ...ThreadFeed
  }
}
    fragment FailureParts on TurnFailure {
  __typename
  turnId
  code
  text
  retryable
}
fragment FallbackParts on ModelFallback {
  __typename
  unavailability
  requestedModel {
    __typename
    id
    name
  }
}
fragment MessageParts on Message {
  __typename
  id
  role
  content
  status
  isTruncated
  createdAt
  clientMessageId
  answeredBy {
    __typename
    id
    name
  }
  failure {
    __typename
    ...FailureParts
  }
  acknowledges {
    __typename
    turnId
    offset
  }
}
fragment QueuedParts on QueuedMessage {
  __typename
  id
  text
  clientMessageId
}
fragment ThreadMessages on Conversation {
  __typename
  messages(last: 50) {
    __typename
    nodes {
      __typename
      ...MessageParts
    }
    pageInfo {
      __typename
      hasPreviousPage
      startCursor
    }
  }
  queuedMessages {
    __typename
    ...QueuedParts
  }
  failure {
    __typename
    ...FailureParts
  }
}
fragment ThreadFeed on Conversation {
  __typename
  latestEventCursor
  activeTurn {
    __typename
    turnId
    state
    cause
    text
    startedAt
    model {
      __typename
      id
      name
    }
    fallback {
      __typename
      ...FallbackParts
    }
  }
}`, {"hash":"sha256:981399b4d4a1d9a4e0ade3dd9de275c666cc4cc579b7640659cd4a3b831da5bd"}) as unknown as TypedDocumentString<LoadConversationQuery, LoadConversationQueryVariables>;
export const SendDocument = new TypedDocumentString(`
    mutation Send($input: SendMessageInput!) {
  __typename
  sendMessage(input: $input) {
    __typename
    ... on SendMessageSuccess {
      __typename
      sentMessage {
        __typename
        id
      }
      queuedMessage {
        __typename
        id
      }
      turnId
    }
    ...Failure
  }
}
    fragment Failure on UserError {
  __typename
  message
  ... on InvalidInputError {
    __typename
    fieldErrors {
      __typename
      path
      message
    }
  }
  ... on RateLimitedError {
    __typename
    retryAfterMs
  }
  ... on BudgetExceededError {
    __typename
    resetsAt
  }
}`, {"hash":"sha256:0dc368655f92e4559709fc32c10c9eb958bea2b238d63abfb42a091c46648345"}) as unknown as TypedDocumentString<SendMutation, SendMutationVariables>;
export const StopDocument = new TypedDocumentString(`
    mutation Stop($input: CancelTurnInput!) {
  __typename
  cancelTurn(input: $input) {
    __typename
    ... on CancelTurnSuccess {
      __typename
      interrupted {
        __typename
        ...MessageParts
      }
    }
    ...Failure
  }
}
    fragment FailureParts on TurnFailure {
  __typename
  turnId
  code
  text
  retryable
}
fragment MessageParts on Message {
  __typename
  id
  role
  content
  status
  isTruncated
  createdAt
  clientMessageId
  answeredBy {
    __typename
    id
    name
  }
  failure {
    __typename
    ...FailureParts
  }
  acknowledges {
    __typename
    turnId
    offset
  }
}
fragment Failure on UserError {
  __typename
  message
  ... on InvalidInputError {
    __typename
    fieldErrors {
      __typename
      path
      message
    }
  }
  ... on RateLimitedError {
    __typename
    retryAfterMs
  }
  ... on BudgetExceededError {
    __typename
    resetsAt
  }
}`, {"hash":"sha256:eb1005e8c9144f8c4d20ec4f4c56e37587bb229e4c4700f8a17dd1ffe283a64d"}) as unknown as TypedDocumentString<StopMutation, StopMutationVariables>;
export const ReportActivityDocument = new TypedDocumentString(`
    mutation ReportActivity($input: ReportActivityInput!) {
  __typename
  reportActivity(input: $input) {
    __typename
  }
}
    `, {"hash":"sha256:d26e3331f8e796bd636078109df3e442d57088dd84b9fca647952a737e6f3236"}) as unknown as TypedDocumentString<ReportActivityMutation, ReportActivityMutationVariables>;
export const ConversationEventsDocument = new TypedDocumentString(`
    subscription ConversationEvents($conversationId: ID!, $after: String) {
  conversationEvents(conversationId: $conversationId, after: $after) {
    __typename
    cursor
    at
    ... on MessageAdded {
      __typename
      message {
        __typename
        ...MessageParts
      }
    }
    ... on TurnStarted {
      __typename
      turnId
      cause
      model {
        __typename
        id
        name
      }
      fallback {
        __typename
        ...FallbackParts
      }
    }
    ... on TurnTextAdded {
      __typename
      turnId
      text
      offset
    }
    ... on TurnThinking {
      __typename
      turnId
      seconds
    }
    ... on TurnCompleted {
      __typename
      turnId
      message {
        __typename
        ...MessageParts
      }
    }
    ... on TurnInterrupted {
      __typename
      turnId
      interruptionReason
      partial {
        __typename
        ...MessageParts
      }
    }
    ... on TurnFailed {
      __typename
      turnId
      failure {
        __typename
        ...FailureParts
      }
      partial {
        __typename
        ...MessageParts
      }
    }
    ... on TypingChanged {
      __typename
      typing
    }
    ... on TypingNudge {
      __typename
      text
    }
    ... on ConversationUpdated {
      __typename
      title
      model {
        __typename
        id
        name
      }
      pacing
      readingWpm
    }
    ... on ConversationEnded {
      __typename
      endReason
    }
    ... on QueueChanged {
      __typename
      queuedMessages {
        __typename
        ...QueuedParts
      }
    }
  }
}
    fragment FailureParts on TurnFailure {
  __typename
  turnId
  code
  text
  retryable
}
fragment FallbackParts on ModelFallback {
  __typename
  unavailability
  requestedModel {
    __typename
    id
    name
  }
}
fragment MessageParts on Message {
  __typename
  id
  role
  content
  status
  isTruncated
  createdAt
  clientMessageId
  answeredBy {
    __typename
    id
    name
  }
  failure {
    __typename
    ...FailureParts
  }
  acknowledges {
    __typename
    turnId
    offset
  }
}
fragment QueuedParts on QueuedMessage {
  __typename
  id
  text
  clientMessageId
}`, {"hash":"sha256:92b106a511a5502f2c974bc32c131ccf98b325938bf5f06f2a06cdc0e6d796f0"}) as unknown as TypedDocumentString<ConversationEventsSubscription, ConversationEventsSubscriptionVariables>;
export const RenewSessionDocument = new TypedDocumentString(`
    mutation RenewSession($input: RenewSessionInput!) {
  __typename
  renewSession(input: $input) {
    __typename
    ... on RenewSessionSuccess {
      __typename
      expiresAt
    }
    ...Failure
  }
}
    fragment Failure on UserError {
  __typename
  message
  ... on InvalidInputError {
    __typename
    fieldErrors {
      __typename
      path
      message
    }
  }
  ... on RateLimitedError {
    __typename
    retryAfterMs
  }
  ... on BudgetExceededError {
    __typename
    resetsAt
  }
}`, {"hash":"sha256:7f796e81c983e1d98989c164ab8ae0e1abf198ee22cdda80456db0275885efc3"}) as unknown as TypedDocumentString<RenewSessionMutation, RenewSessionMutationVariables>;