import { encodeCursor } from '../../../core/live/feed/cursor.ts';
import type { HeardEvent } from '../../../core/live/feed/events.ts';
import { answerRow, heardIn } from '../../../core/turns/answer.ts';
import { builder } from '../builder.ts';
import { toNodeId } from '../ids.ts';
import { EndReason, InterruptionReason, Pacing, TurnCause } from './enums.ts';
import { Message, messageRow } from './message.ts';
import { Model, shownModel } from './model.ts';
import { ModelFallback } from './model-fallback.ts';
import { QueuedMessage } from './queued-message.ts';
import { TokenUsage } from './token-usage.ts';
import { TurnFailure } from './turn-failure.ts';

type Event<Type extends HeardEvent['type']> = Extract<HeardEvent, { type: Type }>;
type TurnEvent = Extract<HeardEvent, { turnId: string }>;
type TerminalEvent = Event<'TurnCompleted' | 'TurnInterrupted' | 'TurnFailed'>;

/** The kinds of events that have a type below. */
const kinds = new Set<string>();

/** Whether this schema has a type for the event. */
export function isKnown({ type }: HeardEvent): boolean {
  return kinds.has(type);
}

export const ConversationEvent = builder.interfaceRef<HeardEvent>('ConversationEvent').implement({
  description:
    'Something that happened in a conversation. More types of events may be added: ignore those that you do not know.',
  resolveType: ({ type }) => type,
  fields: (t) => ({
    cursor: t.string({
      description: 'Opaque; pass the last one handled as `after` to resume.',
      resolve: (event) => encodeCursor(event),
    }),
    at: t.field({
      type: 'DateTime',
      description: 'When it happened, by the clock of the store.',
      resolve: ({ at }) => new Date(at),
    }),
  }),
});

builder.objectType(eventRef('MessageAdded'), {
  description: 'A message was added to the conversation.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    message: t.field({
      type: Message,
      description: 'The message as it is stored.',
      resolve: ({ message }) => messageRow(message),
    }),
  }),
});

builder.objectType(eventRef('TurnStarted'), {
  description:
    'A turn began: TurnStarted, any number of TurnTextAdded and TurnThinking, then exactly one of TurnCompleted, TurnInterrupted, TurnFailed. Turns never overlap, and after its terminal event no event bears the turnId.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    turnId: t.id({
      description: 'The turn, and the id of the message that it becomes.',
      resolve: turnIdOf,
    }),
    cause: t.field({ type: TurnCause, description: 'Why the AI speaks.', resolve: ({ cause }) => cause }),
    model: t.field({
      type: Model,
      description: 'The model that answers this turn.',
      resolve: ({ model }, _args, { models }) => shownModel(models, model),
    }),
    fallback: t.field({
      type: ModelFallback,
      nullable: true,
      description: 'Set when another model answers instead of the requested one; null otherwise.',
      resolve: ({ fallback }) => fallback ?? null,
    }),
  }),
});

builder.objectType(eventRef('TurnTextAdded'), {
  description:
    'The AI spoke. The text of the turn so far is `soFar.slice(0, offset) + text`. This also holds for replayed events, so a client needs no other way to deduplicate text.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    turnId: t.id({ description: 'The turn that is spoken.', resolve: turnIdOf }),
    text: t.exposeString('text', {
      description: 'The text that was spoken: one token, or several when they are replayed or came at once.',
    }),
    offset: t.exposeInt('offset', {
      description: "The length of the turn's text before this one, in UTF-16 code units.",
    }),
  }),
});

builder.objectType(eventRef('TurnThinking'), {
  description:
    'The model is thinking and says nothing yet; published at most once a second. The thoughts are not published. Thinking ends with the next TurnTextAdded or the end of the turn.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    turnId: t.id({ description: 'The turn whose model is thinking.', resolve: turnIdOf }),
    seconds: t.exposeFloat('seconds', {
      description:
        'Seconds since it began to think, such as `2.5`; starts at 0 again when it thinks again in mid-answer.',
    }),
  }),
});

builder.objectType(eventRef('TurnCompleted'), {
  description: 'The turn was spoken to its end.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    turnId: t.id({ description: 'The turn that has ended.', resolve: turnIdOf }),
    message: t.field({
      type: Message,
      description: 'The answer as it is stored: same id, same content.',
      resolve: (event) => answerRow('', heardIn(event)),
    }),
    usage: t.field({
      type: TokenUsage,
      nullable: true,
      description: 'The tokens that the answer took; null when the provider does not count them.',
      resolve: ({ usage }) => usage,
    }),
  }),
});

const PARTIAL_LENGTH = 200;

builder.objectType(eventRef('TurnInterrupted'), {
  description: 'The turn was cut off.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    turnId: t.id({ description: 'The turn that has ended.', resolve: turnIdOf }),
    interruptionReason: t.field({
      type: InterruptionReason,
      description: 'Why it was cut off.',
      resolve: ({ reason }) => reason,
    }),
    partial: t.field({
      type: Message,
      nullable: true,
      description:
        'The answer as stored; null when nothing had been spoken. Its content can be shorter than the text of the events, never longer: show this content instead.',
      resolve: partialOf,
    }),
    partialContent: t.string({
      description: 'The last 200 characters of `partial`; empty when `partial` is null.',
      resolve: ({ text }) => text.slice(-PARTIAL_LENGTH).replace(/^[\uDC00-\uDFFF]/, ''),
    }),
    interruptedAtToken: t.int({
      description:
        "How many of the model's tokens `partial` holds, estimated where the provider's pieces are not tokens.",
      resolve: ({ tokens }) => tokens,
    }),
  }),
});

builder.objectType(eventRef('TurnFailed'), {
  description: 'The model failed. `regenerateAnswer` has the message answered again.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    turnId: t.id({ description: 'The turn that has ended.', resolve: turnIdOf }),
    failure: t.field({
      type: TurnFailure,
      description:
        'Why it failed; also `failure` of the message that it answers, or of the conversation after a greeting or a nudge.',
      resolve: ({ turnId, code, retryable }) => ({ turnId, code, retryable }),
    }),
    partial: t.field({
      type: Message,
      nullable: true,
      description: 'What had been spoken, as stored; null when nothing had been spoken.',
      resolve: partialOf,
    }),
  }),
});

builder.objectType(eventRef('TypingChanged'), {
  description: 'The user started or stopped typing.',
  interfaces: [ConversationEvent],
  fields: (t) => ({ typing: t.exposeBoolean('typing', { description: 'Whether the user types now.' }) }),
});

builder.objectType(eventRef('TypingNudge'), {
  description: 'Encouragement after 30 s of typing without sending. It is not a message and is not stored.',
  interfaces: [ConversationEvent],
  fields: (t) => ({ text: t.exposeString('text', { description: 'The text to show to the user.' }) }),
});

builder.objectType(eventRef('ConversationUpdated'), {
  description: 'Settings of the conversation changed. The event has all of them as they are now.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    title: t.exposeString('title', {
      nullable: true,
      description: 'The title, from the first user message or a rename; null before either.',
    }),
    model: t.field({
      type: Model,
      description: 'The model that answers from the next turn on.',
      resolve: ({ model }, _args, { models }) => shownModel(models, model),
    }),
    pacing: t.field({
      type: Pacing,
      description: 'How fast answers are spoken from the next turn on.',
      resolve: ({ pacing }) => pacing,
    }),
    readingWpm: t.int({
      nullable: true,
      description: "Words a minute at READING pace from the next turn on; null: the installation's.",
      resolve: ({ readingWpm }) => readingWpm ?? null,
    }),
    instructions: t.string({
      nullable: true,
      description: 'How the model shall answer from the next turn on; null when nothing is said about it.',
      resolve: ({ instructions }) => instructions ?? null,
    }),
    idleTimeout: t.boolean({
      description: 'Whether silence is answered with a nudge, then the end.',
      resolve: ({ idleTimeout }) => idleTimeout ?? true,
    }),
  }),
});

builder.objectType(eventRef('ConversationEnded'), {
  description: 'The conversation has ended. A message makes it ACTIVE again.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    endReason: t.field({
      type: EndReason,
      description: 'Why it has ended.',
      resolve: ({ reason }) => reason,
    }),
  }),
});

builder.objectType(eventRef('QueueChanged'), {
  description: 'Messages wait, or wait no more. The event has all that wait now, in their order.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    queuedMessages: t.field({
      type: [QueuedMessage],
      description: 'All messages that wait now, in their order.',
      resolve: ({ queued }) => [...queued],
    }),
  }),
});

builder.objectType(eventRef('BranchSelected'), {
  description: 'Another branch of the conversation is visible: read its messages again.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    leafMessageId: t.id({
      description:
        'The last message of the branch. While it has none, because its first answer is still to be given, the turn of that.',
      resolve: ({ leafMessageId }) => toNodeId('Message', leafMessageId),
    }),
  }),
});

builder.objectType(eventRef('FeedReset'), {
  description: 'Events were missed that are no longer retained: reload the conversation. Live events follow.',
  interfaces: [ConversationEvent],
});

function eventRef<Type extends HeardEvent['type']>(type: Type) {
  kinds.add(type);
  return builder.objectRef<Event<Type>>(type);
}

function turnIdOf({ turnId }: TurnEvent): string {
  return toNodeId('Message', turnId);
}

/** What was spoken of a turn that was not completed; null when nothing was spoken, because then nothing is stored. */
function partialOf(event: TerminalEvent) {
  return event.text === '' ? null : answerRow('', heardIn(event));
}
