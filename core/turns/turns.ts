import type { Conversation, Message } from '../../generated/prisma/client.ts';
import type { ChangeKind, ConversationChanges } from '../changes/conversation-changes.ts';
import { idAfter } from '../conversation/ids.ts';
import type {
  InterruptionReason,
  MessageRole,
  MessageStatus,
  Pacing,
  TurnCause,
} from '../conversation/vocabulary.ts';
import { isDatabaseUnavailable } from '../db/unavailable.ts';
import { UnavailableError } from '../errors.ts';
import type { LooseEventBody } from '../feed/events.ts';
import { type BeginOutcome, type Feed, FeedUnavailableError, type NewTurn } from '../feed/feed.ts';
import { chooseModel } from '../llm/choose-model.ts';
import type { Models } from '../llm/models.ts';
import type { ModelHealth } from '../model-health/model-health.ts';
import type { JobProducer } from '../queue/job-producer.ts';
import type { TurnJob } from '../queue/jobs.ts';
import { type Log, type LogFields, withLogFields } from '../telemetry/log.ts';
import type { Timers } from '../timers/timers.ts';
import { within } from '../within.ts';
import { type Answer, answerRow, heardIn, heardOf } from './answer.ts';
import { modelAskedFor, type PendingTurn } from './conversation-reads.ts';
import type {
  ConversationChanges as Changes,
  ConversationStore,
  NewConversation,
  NewMessage,
} from './conversation-store.ts';
import { ANSWER_WITHIN_MS, calledOffAfter, type PointOfNoReturn } from './deadline.ts';
import type { RegenerateRequest } from './regenerate.ts';

export interface TurnsOptions {
  store: ConversationStore;
  feed: Feed;
  jobs: Pick<JobProducer<TurnJob>, 'add'>;
  changes: ConversationChanges;
  timers: Timers;
  models: Models;
  modelHealth: Pick<ModelHealth, 'mayAsk'>;
  provider: string;
  /** How long a call may wait for a store before it is refused, in milliseconds; {@link ANSWER_WITHIN_MS} unless given. */
  answerWithinMs?: number | undefined;
  log: Log;
}

/** How long a caller waits for others to be told of what is stored already, in milliseconds. */
const TOLD_WITHIN_MS = 300;

/**
 * What can be done to a conversation, each as one call: the database first, then the feed, then the queue. What the
 * database has accepted stands; where a later step fails, the sweep does it.
 * Every method throws {@link NotFoundError} when the owner has no such conversation, and {@link UnavailableError}
 * when nothing was stored because the database or the feed does not answer.
 */
export class Turns {
  readonly #options: TurnsOptions;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Creates a conversation, or returns the one that was created with the same `clientConversationId`. */
  create(input: Omit<NewConversation, 'id' | 'provider'>): Promise<Conversation> {
    return this.#guarded({}, async (point) => {
      const { store, feed, provider } = this.#options;
      const id = idAfter(null);
      // Asked before anything is stored: who then asks for the cursor must not be told that it was in vain.
      await feed.state(id);
      const { conversation, turnId, repeated } = await store.create({ ...input, id, provider }, point);
      if (repeated) return conversation;
      if (turnId) await this.#open({ conversation, turnId, cause: 'GREETING' }, []);
      await this.#tell(conversation.owner, conversation.id, 'CREATED');
      return conversation;
    });
  }

  /** Stores the message, interrupting any answer, and has it answered. */
  send(input: NewMessage): Promise<{ conversation: Conversation; message: Message; turnId: string }> {
    return this.#guarded({ conversationId: input.conversationId }, async (point) => {
      const { store } = this.#options;
      const interrupt = () => this.#interrupt(input.conversationId, 'USER_MESSAGE');
      const accepted = await store.accept(input, interrupt, point);
      const { conversation, message, turnId, repeated, titled } = accepted;
      if (repeated) return { conversation, message, turnId };

      const events: LooseEventBody[] = [messageAdded(message)];
      if (titled) events.push(conversationUpdated(conversation));
      const answering = await this.#open({ conversation, turnId, cause: 'USER_MESSAGE' }, events);
      if (answering !== turnId) await store.redirect(message.id, answering);
      await Promise.all([
        this.#tell(conversation.owner, conversation.id, 'UPDATED'),
        this.#typesNoMore(conversation.id),
      ]);
      return { conversation, message, turnId: answering };
    });
  }

  /**
   * Has the answer that failed, was cut off or is missing given again, as a turn of its own; the turn that is pending
   * or open already, if there is one, is returned. @throws {InvalidInputError} when there is nothing to answer
   */
  regenerate(
    conversationId: string,
    owner: string,
    request: RegenerateRequest = {},
  ): Promise<{ conversation: Conversation; turnId: string }> {
    return this.#guarded({ conversationId }, async (point) => {
      const { store, feed } = this.#options;
      const { pendingTurnId } = await store.get(conversationId, owner);
      // Its listeners know that it has ended; that may not be stored yet.
      const ending = pendingTurnId && (await feed.endingOf(conversationId, pendingTurnId));
      if (ending) await store.settle(conversationId, heardIn(ending));
      const regenerated = await store.regenerate(conversationId, owner, request, point);
      const { conversation, turnId, cause, repeated } = regenerated;
      if (repeated) return { conversation, turnId };
      const answering = await this.#open({ conversation, turnId, cause }, []);
      await this.#tell(owner, conversationId, 'UPDATED');
      return { conversation, turnId: answering };
    });
  }

  /**
   * Stops the answer being spoken, or the one that is pending; with `turnId` only if it is that one. `interrupted` is
   * what was heard of it, null when nothing was.
   */
  cancel(
    conversationId: string,
    owner: string,
    turnId?: string,
  ): Promise<{ conversation: Conversation; interrupted: Message | null }> {
    return this.#guarded({ conversationId }, async () => {
      const { store } = this.#options;
      const conversation = await store.get(conversationId, owner);
      const only = turnId === undefined ? undefined : { turnId };
      const answer =
        (await this.#interrupt(conversationId, 'CANCELLED', only)) ??
        (await this.#interruptPending(conversation, turnId));
      if (!answer) return { conversation, interrupted: null };
      const settled = await store.settle(conversationId, answer);
      await this.#tell(owner, conversationId, 'UPDATED');
      const interrupted = answer.text === '' ? null : answerRow(conversationId, answer);
      return { conversation: settled ?? conversation, interrupted };
    });
  }

  /**
   * Cuts off a turn that is pending and not open: it is opened first, so that every listener hears what became of it,
   * and of its message. One that has ended is left to be stored.
   */
  async #interruptPending(conversation: Conversation, only: string | undefined): Promise<Answer | null> {
    const { id, pendingTurnId: turnId, pendingTurnCause } = conversation;
    if (!turnId || (only !== undefined && only !== turnId)) return null;
    if ((await this.#options.feed.state(id)).turn) return null;
    const opened = await this.reopen({ conversation, turnId, cause: pendingTurnCause as TurnCause });
    return opened === 'opened' ? this.#interrupt(id, 'CANCELLED', { turnId }) : null;
  }

  /** Ends the conversation as CANCELLED. Ending one that has ended changes nothing. */
  end(conversationId: string, owner: string): Promise<Conversation> {
    return this.#guarded({ conversationId }, async (point) => {
      const { store, feed } = this.#options;
      // Asked while the call can still be called off, and nobody has been told anything.
      await feed.state(conversationId);
      const { conversation, ended } = await store.end(conversationId, owner, 'CANCELLED', async (ending) => {
        // Listeners are told before it is stored.
        point.pass();
        const answer = await this.#interrupt(conversationId, 'CONVERSATION_ENDED');
        if (ending)
          await feed.append(conversationId, [{ type: 'ConversationEnded', reason: 'ENDED_BY_USER' }]);
        return answer;
      });
      if (ended) await this.#tell(owner, conversationId, 'ENDED');
      return conversation;
    });
  }

  delete(conversationId: string, owner: string): Promise<void> {
    return this.#guarded({ conversationId }, async (point) => {
      const { store, feed } = this.#options;
      await store.get(conversationId, owner);
      // A long one takes its time.
      point.pass();
      await feed.interrupt(conversationId, 'CONVERSATION_ENDED');
      await store.delete(conversationId, owner);
      await feed.remove(conversationId);
      await this.#tell(owner, conversationId, 'DELETED');
    });
  }

  /** Changes the settings that are given. A model or a pace holds from the next turn. */
  update(conversationId: string, owner: string, changes: Changes): Promise<Conversation> {
    return this.#guarded({ conversationId }, async (point) => {
      const { store } = this.#options;
      if (Object.values(changes).every((value) => value === undefined))
        return store.get(conversationId, owner);
      const conversation = await store.update(conversationId, owner, changes, point);
      await this.#announce(conversation, conversationUpdated(conversation));
      return conversation;
    });
  }

  /** Tells every listener when the user begins or stops to type. */
  reportTyping(conversationId: string, owner: string, typing: boolean): Promise<void> {
    return this.#guarded({ conversationId }, async () => {
      const { store, feed, timers } = this.#options;
      const conversation = await store.get(conversationId, owner);
      const changed = await (typing ? timers.typing(conversationId) : timers.typingStopped(conversationId));
      if (changed) await feed.append(conversationId, [{ type: 'TypingChanged', typing }]);
      await timers.activity(conversationId, { turnId: conversation.lastTurnId, nudged: false });
    });
  }

  /** Somebody listens to the conversation from now on: its clock starts anew. */
  async joined(conversation: Pick<Conversation, 'id' | 'lastTurnId' | 'status'>): Promise<void> {
    if (conversation.status !== 'ACTIVE' || !conversation.lastTurnId) return;
    await this.#options.timers.activity(conversation.id, { turnId: conversation.lastTurnId, nudged: false });
  }

  /**
   * Has the AI speak of its own accord, if nothing was said since the turn `after` and no turn is open.
   * Answers whether it will.
   */
  async volunteer(conversationId: string, cause: TurnCause, after: string): Promise<boolean> {
    const { store, feed } = this.#options;
    if ((await feed.state(conversationId)).turn) return false;
    const pending = await store.promise(conversationId, cause, after);
    if (!pending) return false;
    const begun = await feed.begin(conversationId, await this.#newTurn(pending));
    if (begun.outcome !== 'opened') {
      await store.forgive(conversationId, pending.turnId);
      return false;
    }
    await this.#options.jobs.add({ conversationId, turnId: pending.turnId });
    await this.#tell(pending.conversation.owner, conversationId, 'UPDATED');
    return true;
  }

  /** What is published before the turn starts; where a turn was opened before, it was. */
  async #announcements({ conversation, turnId, cause }: PendingTurn): Promise<LooseEventBody[]> {
    // Of a message that is answered again it was published long ago.
    if (cause !== 'USER_MESSAGE') return [];
    const message = await this.#options.store.messageOf(conversation.id, turnId);
    // Whether this message gave the title is not known any more; publishing it twice is harmless.
    return message ? [messageAdded(message), conversationUpdated(conversation)] : [];
  }

  /** Ends the conversation as COMPLETED, if nothing was said since the turn `after`. */
  async complete(conversationId: string, after: string): Promise<void> {
    const { store, feed } = this.#options;
    const conversation = await store.complete(conversationId, after, async () => {
      await feed.append(conversationId, [{ type: 'ConversationEnded', reason: 'IDLE_TIMEOUT' }]);
    });
    if (!conversation) return;
    await this.#tell(conversation.owner, conversationId, 'ENDED');
  }

  /**
   * Does what is left to do for a message that was accepted: opens its turn where it is not, and queues its job.
   * Answers whether it is open, has ended, or is answered by a newer turn, which then is all that is owed.
   */
  async reopen(pending: PendingTurn): Promise<'opened' | 'ended' | 'superseded'> {
    const begun = await this.#begin(pending, await this.#announcements(pending));
    if (begun.outcome === 'superseded')
      await this.#options.store.forgive(pending.conversation.id, pending.turnId);
    return begun.outcome;
  }

  /**
   * Stores an answer, tells the owner's list, and starts the clock of the silence that follows. `cause` of the turn;
   * null: not known, then it is as it was owed.
   */
  async settle(conversationId: string, answer: Answer, cause: TurnCause | null): Promise<void> {
    const { store, timers } = this.#options;
    const owed = cause === null ? await store.find(conversationId) : null;
    const known = cause ?? (owed?.pendingTurnId === answer.turnId ? owed.pendingTurnCause : null);
    const conversation = await store.settle(conversationId, answer);
    if (!conversation) return;
    await this.#tell(conversation.owner, conversationId, 'UPDATED');
    if (conversation.lastTurnId !== answer.turnId || conversation.status !== 'ACTIVE') return;
    await timers.activity(conversationId, { turnId: answer.turnId, nudged: known === 'IDLE_NUDGE' });
  }

  /** Who has sent what they typed types no more. A listener that misses it is told when it lapses. */
  async #typesNoMore(conversationId: string): Promise<void> {
    const { timers, feed } = this.#options;
    if (!(await timers.typingStopped(conversationId))) return;
    await feed.append(conversationId, [{ type: 'TypingChanged', typing: false }]).catch(() => {});
  }

  /** Opens the turn and queues its job; a failure is left to the sweep, for the message is accepted. */
  async #open(pending: PendingTurn, events: LooseEventBody[]): Promise<string> {
    try {
      const begun = await this.#begin(pending, events);
      return begun.outcome === 'superseded' ? begun.by : pending.turnId;
    } catch (error) {
      this.#options.log.warn(
        { err: error, conversationId: pending.conversation.id, turnId: pending.turnId },
        'the turn is left to the sweep',
      );
      return pending.turnId;
    }
  }

  /** Opens it and queues its job, unless a newer turn was opened meanwhile, which then answers. */
  async #begin(
    pending: PendingTurn,
    events: LooseEventBody[],
  ): Promise<Exclude<BeginOutcome, { outcome: 'busy' }>> {
    const { feed, jobs, store } = this.#options;
    const { id: conversationId } = pending.conversation;
    const turn = await this.#newTurn(pending);
    while (true) {
      const begun = await feed.begin(conversationId, turn, events);
      if (begun.outcome === 'superseded') return begun;
      if (begun.outcome !== 'busy') {
        await jobs.add({ conversationId, turnId: pending.turnId });
        return begun;
      }
      // Another message was sent at the same instant and its turn opened first: this one is newer, so it cuts in.
      const interrupted = await feed.interrupt(conversationId, 'USER_MESSAGE', { turnId: begun.with });
      if (interrupted) await store.settle(conversationId, heardOf(interrupted, 'USER_MESSAGE'));
    }
  }

  async #newTurn({ conversation, turnId, cause }: PendingTurn): Promise<NewTurn> {
    const { models, modelHealth } = this.#options;
    // Nobody is asked for the words of a nudge: how the model fares is nothing to it, and it must use up no probe.
    if (cause === 'IDLE_NUDGE') {
      await models.seek(conversation.model);
      return { id: turnId, cause, model: models.resolve(conversation.model).model.id };
    }
    const { model, fallback } = await chooseModel(models, modelHealth, modelAskedFor(conversation));
    return { id: turnId, cause, model: model.id, ...(fallback && { fallback }) };
  }

  async #interrupt(
    conversationId: string,
    reason: InterruptionReason,
    only?: { turnId: string },
  ): Promise<Answer | null> {
    const interrupted = await this.#options.feed.interrupt(conversationId, reason, only);
    return interrupted && heardOf(interrupted, reason);
  }

  /** What is stored stands, whether or not its listeners can be told now; the caller is not kept waiting for it. */
  async #announce(conversation: Conversation, event: LooseEventBody): Promise<void> {
    const { feed, log } = this.#options;
    const told = Promise.all([
      feed
        .append(conversation.id, [event])
        .catch((err) => log.warn({ err }, 'listeners were not told of a change')),
      this.#tell(conversation.owner, conversation.id, 'UPDATED'),
    ]);
    await within(TOLD_WITHIN_MS, told).catch(() => {});
  }

  /** A nudge: the list is read from the database, so a failure here loses nothing. */
  async #tell(owner: string, conversationId: string, kind: ChangeKind): Promise<void> {
    try {
      await this.#options.changes.publish(owner, { kind, conversationId });
    } catch (error) {
      this.#options.log.warn({ err: error, conversationId }, 'the list was not told of a change');
    }
  }

  #guarded<T>(about: LogFields, act: (point: PointOfNoReturn) => Promise<T>): Promise<T> {
    return withLogFields(about, async () => {
      try {
        return await calledOffAfter(this.#options.answerWithinMs ?? ANSWER_WITHIN_MS, act);
      } catch (error) {
        if (!(error instanceof FeedUnavailableError || isDatabaseUnavailable(error))) throw error;
        this.#options.log.warn({ err: error }, 'unavailable');
        throw new UnavailableError({ cause: error });
      }
    });
  }
}

function messageAdded(message: Message): LooseEventBody {
  const { id, role, content, status, model, clientMessageId, createdAt } = message;
  return {
    type: 'MessageAdded',
    message: {
      id,
      role: role as MessageRole,
      content,
      status: status as MessageStatus,
      model,
      clientMessageId,
      createdAt: createdAt.getTime(),
    },
  };
}

function conversationUpdated({ title, model, pacing }: Conversation): LooseEventBody {
  return { type: 'ConversationUpdated', title, model, pacing: pacing as Pacing };
}
