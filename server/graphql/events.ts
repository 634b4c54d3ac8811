import { timeOfId } from '../../core/conversation/ids.ts';
import type { MessageStatus as Status } from '../../core/conversation/vocabulary.ts';
import { decodeCursor, encodeCursor, MalformedCursorError } from '../../core/feed/cursor.ts';
import type { FeedEvent, HeardEvent } from '../../core/feed/events.ts';
import { badInput } from './bad-input.ts';
import { builder } from './builder.ts';
import { AiErrorCode, EndReason, InterruptionReason, TurnCause } from './enums.ts';
import { fromNodeId, toNodeId } from './ids.ts';
import { Message, messageRow } from './message.ts';
import { Model, shownModel } from './model.ts';
import { ModelFallback } from './model-fallback.ts';

type Event<Type extends HeardEvent['type']> = Extract<HeardEvent, { type: Type }>;
type TurnEvent = Extract<FeedEvent, { turnId: string }>;

const ConversationEvent = builder.interfaceRef<HeardEvent>('ConversationEvent').implement({
  description: 'Something that happened in a conversation.',
  resolveType: ({ type }) => type,
  fields: (t) => ({
    cursor: t.string({
      description: 'Opaque; pass the last one handled as `after` to resume.',
      resolve: (event) => encodeCursor(event),
    }),
    at: t.field({ type: 'DateTime', description: 'When it happened.', resolve: ({ at }) => new Date(at) }),
  }),
});

const TokenUsage = builder
  .objectRef<{ promptTokens: number; completionTokens: number; totalTokens: number }>('TokenUsage')
  .implement({
    description: 'What an answer took, as the provider counted it.',
    fields: (t) => ({
      promptTokens: t.exposeInt('promptTokens', { description: 'Tokens of the question with its context.' }),
      completionTokens: t.exposeInt('completionTokens', { description: 'Tokens of the answer.' }),
      totalTokens: t.exposeInt('totalTokens', { description: 'Both.' }),
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

builder.objectType(eventRef('AiStarted'), {
  description:
    "A turn began: AiStarted, AiToken*, then exactly one of AiDone, AiInterrupted, AiError. Turns never overlap: after a turn's terminal event, no event bears its turnId.",
  interfaces: [ConversationEvent],
  fields: (t) => ({
    turnId: t.id({ description: 'The turn, and the id of the message that it becomes.', resolve: turnIdOf }),
    cause: t.field({ type: TurnCause, description: 'Why the AI speaks.', resolve: ({ cause }) => cause }),
    model: t.field({
      type: Model,
      description: 'The model that answers.',
      resolve: ({ model }, _args, { models }) => shownModel(models, model),
    }),
    fallback: t.field({
      type: ModelFallback,
      nullable: true,
      description: 'Set when it is not the model that was asked for.',
      resolve: ({ fallback }) => fallback ?? null,
    }),
  }),
});

builder.objectType(eventRef('AiToken'), {
  description: "The AI spoke. The texts of a turn's AiTokens, joined, are its message's content.",
  interfaces: [ConversationEvent],
  fields: (t) => ({
    turnId: t.id({ description: 'The turn that is spoken.', resolve: turnIdOf }),
    text: t.exposeString('text', {
      description: 'The text spoken now: one token, or several when they were replayed or came at once.',
    }),
    offset: t.exposeInt('offset', {
      description: "Length of the turn's text before this one, in UTF-16 code units.",
    }),
  }),
});

builder.objectType(eventRef('AiDone'), {
  description: 'The turn was spoken to its end.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    turnId: t.id({ description: 'The turn that has ended.', resolve: turnIdOf }),
    message: t.field({
      type: Message,
      description: 'The same message that will be read later: same id, same content.',
      resolve: (event) => answerOf(event, 'COMPLETED'),
    }),
    usage: t.field({
      type: TokenUsage,
      nullable: true,
      description: 'What it took; null when the provider does not say.',
      resolve: ({ usage }) => usage,
    }),
  }),
});

const PARTIAL_LENGTH = 200;

builder.objectType(eventRef('AiInterrupted'), {
  description: 'The turn was cut off.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    turnId: t.id({ description: 'The turn that has ended.', resolve: turnIdOf }),
    reason: t.field({ type: InterruptionReason, description: 'Why.', resolve: ({ reason }) => reason }),
    message: t.field({
      type: Message,
      description:
        'What was heard, as it is stored. When nothing had been spoken its content is empty, and it is not stored.',
      resolve: (event) => answerOf(event, 'INTERRUPTED'),
    }),
    partialContent: t.string({
      description: 'The last 200 characters spoken.',
      resolve: ({ text }) => text.slice(-PARTIAL_LENGTH).replace(/^[\uDC00-\uDFFF]/, ''),
    }),
    interruptedAtToken: t.int({
      description: 'How many tokens had been spoken.',
      resolve: ({ tokens }) => tokens,
    }),
  }),
});

builder.objectType(eventRef('AiError'), {
  description: 'The model could not go on. What had been spoken is stored as an interrupted message.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    turnId: t.id({ description: 'The turn that has ended.', resolve: turnIdOf }),
    code: t.field({ type: AiErrorCode, description: 'Why.', resolve: ({ code }) => code }),
    message: t.exposeString('message', { description: 'For people: what happened and what they can do.' }),
    retryable: t.exposeBoolean('retryable', { description: 'Whether sending again may help.' }),
  }),
});

builder.objectType(eventRef('TypingChanged'), {
  description: 'The user started or stopped typing.',
  interfaces: [ConversationEvent],
  fields: (t) => ({ typing: t.exposeBoolean('typing', { description: 'Whether they type now.' }) }),
});

builder.objectType(eventRef('TypingNudge'), {
  description: 'Encouragement after 30 s of typing without sending.',
  interfaces: [ConversationEvent],
  fields: (t) => ({ message: t.exposeString('message', { description: 'The words, for people.' }) }),
});

builder.objectType(eventRef('TitleUpdated'), {
  description: 'The conversation got a title.',
  interfaces: [ConversationEvent],
  fields: (t) => ({ title: t.exposeString('title', { description: 'The new title.' }) }),
});

builder.objectType(eventRef('ModelSelected'), {
  description: 'Another model answers from the next turn on.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    model: t.field({
      type: Model,
      description: 'The model that was selected.',
      resolve: ({ model }, _args, { models }) => shownModel(models, model),
    }),
  }),
});

builder.objectType(eventRef('ConversationEnded'), {
  description: 'The conversation has ended. A message makes it active again.',
  interfaces: [ConversationEvent],
  fields: (t) => ({
    reason: t.field({ type: EndReason, description: 'Why.', resolve: ({ reason }) => reason }),
  }),
});

builder.objectType(eventRef('FeedReset'), {
  description: 'Events were missed that are no longer retained: reload the conversation; live events follow.',
  interfaces: [ConversationEvent],
});

builder.subscriptionField('conversationEvents', (t) =>
  t.field({
    type: ConversationEvent,
    description: [
      'Everything that happens in a conversation, in order, each event exactly once, from whichever instance it comes.',
      '`after`: start after this cursor (exclusive): missed events are replayed first, then it goes on live.',
      'Without `after`: the answer being spoken, if any, from its start, then live.',
      'A cursor older than what is retained gives one `FeedReset`, then live: reload the conversation.',
    ].join('\n'),
    args: {
      conversationId: t.arg.id({ required: true, description: 'The conversation to listen to.' }),
      after: t.arg.string({ description: 'The last cursor that was handled.' }),
    },
    subscribe: async (_root, args, { feed, prisma, viewer, presence, turns }) => {
      const after = args.after == null ? undefined : positionFrom(args.after);
      const node = fromNodeId(args.conversationId);
      const conversation =
        node?.type === 'Conversation'
          ? await prisma.conversation.findFirst({ where: { id: node.id, owner: viewer.id } })
          : null;
      if (!conversation) throw badInput('conversationId', 'there is no such conversation');
      const joining = presence.join(conversation.id);
      void turns.joined(conversation);
      return feed.subscribe(conversation.id, { after, onEnd: () => void joining.then((leave) => leave()) });
    },
    resolve: (event) => event,
  }),
);

function eventRef<Type extends HeardEvent['type']>(type: Type) {
  return builder.objectRef<Event<Type>>(type);
}

function turnIdOf({ turnId }: TurnEvent): string {
  return toNodeId('Message', turnId);
}

function answerOf({ turnId, text, model }: Event<'AiDone' | 'AiInterrupted'>, status: Status) {
  return messageRow({
    id: turnId,
    role: 'ASSISTANT',
    content: text,
    status,
    model,
    createdAt: timeOfId(turnId),
  });
}

function positionFrom(cursor: string) {
  try {
    return decodeCursor(cursor);
  } catch (error) {
    if (error instanceof MalformedCursorError) throw badInput('after', error.message);
    throw error;
  }
}
