import { onAbort } from '../../core/async/on-abort.ts';
import { NotFoundError } from '../../core/domain/errors.ts';
import { isUuid } from '../../core/domain/ids.ts';
import type { Owner } from '../../core/domain/owner.ts';
import type { TokenUsage } from '../../core/domain/vocabulary.ts';
import type { HeardEvent, Position } from '../../core/live/feed/events.ts';
import type { Feed } from '../../core/live/feed/feed.ts';
import type { Presence } from '../../core/live/presence/presence.ts';
import type { OwnRows } from '../../core/store/own-rows.ts';
import { heardIn, type TurnFailure } from '../../core/turns/answer.ts';
import type { Turns } from '../../core/turns/turns.ts';
import { conversationIdFrom, toNodeId } from '../graphql/ids.ts';
import { messageText, validated } from '../graphql/mutations/input.ts';
import type { Budget } from '../limits/budget.ts';
import type { Answer, Piece } from './answer.ts';
import { badRequest } from './api-error.ts';
import type { ChatRequest } from './chat-request.ts';
import { knownError, modelFailure, unavailable } from './error-kinds.ts';

export interface ConversationServices {
  feed: Pick<Feed, 'state' | 'subscribe'>;
  presence: Pick<Presence, 'join'>;
  turns: Pick<Turns, 'send'>;
  budget: Pick<Budget, 'admission'>;
  ownRows(caller: Owner): Rows;
}

type Rows = Pick<OwnRows, 'conversation' | 'messages'>;

/** What the headers of a request say. */
export interface Addressed {
  /** The conversation's id, as the API shows it. */
  conversation: string;
  /** `Idempotency-Key`; one that is not a UUID is ignored. */
  key: string | undefined;
}

/** The turn that answers a message. */
interface SentTurn {
  conversationId: string;
  messageId: string;
  turnId: string;
  /** A position in the feed before which the turn has no event, but for `said`. */
  after: Position;
  /** What was spoken of it before that: not empty only if the message was sent before. */
  said: string;
  /** The model that is expected to answer. */
  model: string;
  /** Whether it has ended before, so that it has no event after that position. */
  isOver: boolean;
}

/**
 * Sends the last message of a request to a conversation, and returns what is spoken in answer. The caller's leaving stops
 * only the listening: as for every other listener, the turn goes on.
 * @throws {NotFoundError}; {InvalidInputError}; {UnavailableError}; {OutcomeUnknownError}
 * @throws {ApiError} 400 when a field cannot be applied to a conversation
 */
export async function conversationAnswer(
  request: ChatRequest,
  addressed: Addressed,
  caller: Owner,
  services: ConversationServices,
  signal: AbortSignal,
): Promise<Answer> {
  const text = textOf(request);
  const conversationId = conversationIdFrom(addressed.conversation);
  const own = services.ownRows(caller);
  if (!(await own.conversation(conversationId))) throw new NotFoundError();
  const turn = await sendTo(conversationId, text, addressed.key, caller, services);
  return {
    id: toNodeId('Message', turn.turnId),
    model: turn.model,
    pieces: new Hearing(turn, own, services, signal).pieces(),
  };
}

/** The text of the message to send. */
function textOf({ messages, maxTokens, stop }: ChatRequest): string {
  const at = messages.length - 1;
  const last = messages[at];
  if (last?.role !== 'user')
    throw badRequest(`messages[${at}].role`, 'The last message must be of the user.');
  const why = 'cannot be set for an answer of a conversation';
  if (maxTokens !== undefined)
    throw badRequest('max_tokens', `'max_tokens' ${why}.`, 'unsupported_parameter');
  if (stop.length > 0) throw badRequest('stop', `'stop' ${why}.`, 'unsupported_parameter');
  return validated(messageText, last.content);
}

async function sendTo(
  conversationId: string,
  text: string,
  key: string | undefined,
  caller: Owner,
  { feed, turns, budget, ownRows }: ConversationServices,
): Promise<SentTurn> {
  const clientMessageId = key !== undefined && isUuid(key.toLowerCase()) ? key.toLowerCase() : undefined;
  // In this order: a turn that is newer than the row has no event before the position.
  const { epoch, seq, turn: held } = await feed.state(conversationId);
  const before = clientMessageId ? await ownRows(caller).conversation(conversationId) : null;
  const sent = await turns.send({
    ...{ conversationId, owner: caller, text, clientMessageId },
    admit: budget.admission(caller),
  });
  const { turnId, message, conversation } = sent;
  const isNew = !before?.lastTurnId || turnId > before.lastTurnId;
  const isHeld = held?.id === turnId;
  return {
    ...{ conversationId, messageId: message.id, turnId, after: { epoch, seq } },
    ...(isHeld ? { said: held.text, model: held.model } : { said: '', model: conversation.model }),
    isOver: !isNew && !isHeld && conversation.pendingTurnId !== turnId,
  };
}

/** How a turn has ended. */
interface Ending {
  text: string;
  model: string | null;
  usage: TokenUsage | null;
  isTruncated: boolean;
  failure: TurnFailure | null;
}

/** Listens to one turn. */
class Hearing {
  readonly #turn: SentTurn;
  readonly #own: Rows;
  readonly #services: Pick<ConversationServices, 'feed' | 'presence'>;
  readonly #signal: AbortSignal;
  /** How much of its text was passed on, in UTF-16 code units. */
  #said: number;

  constructor(
    turn: SentTurn,
    own: Rows,
    services: Pick<ConversationServices, 'feed' | 'presence'>,
    signal: AbortSignal,
  ) {
    this.#turn = turn;
    this.#own = own;
    this.#services = services;
    this.#signal = signal;
    this.#said = turn.said.length;
  }

  /** What is spoken. The message is stored: an error must not lead to its being sent again. */
  async *pieces(): AsyncGenerator<Piece> {
    try {
      if (this.#turn.said) yield { type: 'text', text: this.#turn.said };
      if (this.#turn.isOver) yield* this.#ended(await this.#stored());
      else yield* this.#live();
    } catch (error) {
      throw knownError(error)?.withoutRetry() ?? error;
    }
  }

  async *#live(): AsyncGenerator<Piece> {
    const { feed, presence } = this.#services;
    const { conversationId, after } = this.#turn;
    const joining = presence.join(conversationId);
    const onEnd = () => void joining.then((leave) => leave());
    const events = feed.subscribe(conversationId, { after, onEnd });
    const removeListener = onAbort(this.#signal, () => void events.return?.());
    try {
      for await (const event of events) {
        const { pieces, isLast } = await this.#heard(event);
        yield* pieces;
        if (isLast) return;
      }
    } finally {
      removeListener();
    }
    if (this.#signal.aborted) return;
    // The feed has ended: the conversation was deleted, or this server is closing.
    throw (await this.#own.conversation(conversationId)) ? unavailable() : new NotFoundError();
  }

  async #heard(event: HeardEvent): Promise<{ pieces: Piece[]; isLast: boolean }> {
    const { turnId } = this.#turn;
    // The end of the turn may have been missed, or a newer one has superseded it before it began.
    if (event.type === 'FeedReset' || (event.type === 'TurnStarted' && event.turnId > turnId)) {
      const isOver = !(await this.#isPending());
      return { pieces: isOver ? this.#ended(await this.#stored()) : [], isLast: isOver };
    }
    const isOther = !('turnId' in event) || event.turnId !== turnId;
    if (isOther || event.type === 'TurnThinking') return { pieces: [], isLast: false };
    if (event.type === 'TurnStarted')
      return { pieces: [{ type: 'model', model: event.model }], isLast: false };
    if (event.type === 'TurnTextAdded')
      return { pieces: this.#more(event.text, event.offset), isLast: false };
    const { text, model, isTruncated, failure = null } = heardIn(event);
    const usage = event.type === 'TurnCompleted' ? event.usage : null;
    return { pieces: this.#ended({ text, model, isTruncated, failure, usage }), isLast: true };
  }

  /** What a part of the turn's text, which begins at `offset`, adds to what was passed on. */
  #more(text: string, offset: number): Piece[] {
    const added = text.slice(Math.max(0, this.#said - offset));
    this.#said += added.length;
    return added === '' ? [] : [{ type: 'text', text: added }];
  }

  /** @throws {ApiError} when the model failed */
  #ended({ text, model, failure, usage, isTruncated }: Ending): Piece[] {
    if (failure) throw modelFailure(failure);
    const named: Piece[] = model === null ? [] : [{ type: 'model', model }];
    return [...named, ...this.#more(text, 0), { type: 'end', usage, isTruncated }];
  }

  async #isPending(): Promise<boolean> {
    const { conversationId, turnId } = this.#turn;
    const conversation = await this.#own.conversation(conversationId);
    if (!conversation) throw new NotFoundError();
    return conversation.pendingTurnId === turnId;
  }

  /** How the turn has ended, as it is stored. One that was cut off before its first word has no message. */
  async #stored(): Promise<Ending> {
    const { messageId, turnId } = this.#turn;
    const rows = await this.#own.messages([messageId, turnId]);
    const answer = rows.find(({ id }) => id === turnId);
    const question = rows.find(({ id }) => id === messageId);
    const { failureCode: code = null, failureRetryable = null } =
      question?.failedTurnId === turnId ? question : {};
    return {
      ...{ text: answer?.content ?? '', model: answer?.model ?? null },
      ...{ isTruncated: answer?.isTruncated ?? false, usage: null },
      failure: code && { code, retryable: failureRetryable === true },
    };
  }
}
