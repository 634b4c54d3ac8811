import type { Conversation, Message } from '../../generated/prisma/client.ts';
import { InvalidInputError, NotFoundError, UnavailableError } from '../domain/errors.ts';
import type { Owner } from '../domain/owner.ts';
import { INPUT_TEXTS, PROBLEM_TEXTS } from '../domain/texts.ts';
import type { BranchReads } from '../store/branch-reads.ts';
import type { ConversationReads } from '../store/conversation-reads.ts';
import type { Snapshot } from '../store/draft.ts';
import type { Seen } from '../store/outbox.ts';
import type { Decide } from './commit.ts';
import { refuseForeign } from './foreign-seen.ts';
import { unfilled } from './settle.ts';
import * as tree from './tree.ts';
import type { Done, TurnEngine } from './turn-engine.ts';

export interface BranchesOptions {
  engine: TurnEngine;
  reads: ConversationReads;
  branches: BranchReads;
}

/** What a request that cuts off a turn says besides. */
interface Request {
  /** What the caller had on the screen of the turn that is cut off; of a turn that is over it has no effect. */
  seen?: Seen | null;
  /** Called before a new turn is accepted; if it rejects, so does the call, and nothing is stored. */
  admit?: (() => Promise<void>) | undefined;
}

/** Which answer to regenerate. */
export interface RegenerateRequest extends Request {
  /** A user's message or an answer; undefined: the newest message of the visible branch. */
  messageId?: string | undefined;
  /** The model for this answer only; undefined: the conversation's. */
  model?: string | undefined;
  /** Identifies the request, so that a repeated one begins no second turn. */
  clientRequestId?: string | undefined;
}

/** A user's message in other words. */
export interface EditRequest extends Request {
  messageId: string;
  text: string;
  clientMessageId?: string | undefined;
}

/** How often a turn that ends at the same time is waited for. */
const SETTLE_TRIES = 3;

/**
 * The operations that show another branch of a conversation.
 *
 * Each throws {@link NotFoundError} when the owner has no such conversation or message, {@link UnavailableError} when nothing was
 * committed and nothing will be, and {@link OutcomeUnknownError} when that could not be found out.
 */
export class Branches {
  readonly #options: BranchesOptions;

  constructor(options: BranchesOptions) {
    this.#options = options;
  }

  /** Answers a message again, as a turn of its own: see {@link tree.regenerate}. */
  regenerate(
    conversationId: string,
    owner: Owner,
    request: RegenerateRequest = {},
  ): Promise<{ conversation: Conversation; turnId: string }> {
    const { engine, reads, branches } = this.#options;
    const { messageId = null, clientRequestId, seen = null } = request;
    return engine.guarded({ conversationId }, async () => {
      const { pendingTurnId } = await reads.get(conversationId, owner);
      // The pending turn may have ended without being stored yet.
      if (pendingTurnId) await engine.effects(conversationId);
      const { decided, row } = await this.#run(conversationId, owner, async (snapshot) => {
        const begun = clientRequestId
          ? await branches.regeneration(conversationId, clientRequestId, owner)
          : null;
        if (!begun) await refuseForeign(reads, snapshot, seen, owner);
        const follows = await this.#followed(snapshot, owner);
        const asked = await this.#asked(snapshot, messageId, { owner, follows });
        const facts = { ...request, ...asked, follows, begun, isNamed: messageId !== null };
        const { turnId, draft } = tree.regenerate(snapshot, facts);
        if (draft) await request.admit?.();
        return { change: draft, result: turnId };
      });
      return { conversation: row, turnId: decided.result };
    });
  }

  /** Adds an alternative of a user's message, which is answered like any message. @throws {InvalidInputError} */
  edit(
    conversationId: string,
    owner: Owner,
    { messageId, text, clientMessageId, seen = null, admit }: EditRequest,
  ): Promise<{ conversation: Conversation; message: Message; turnId: string }> {
    const { engine, reads, branches } = this.#options;
    return engine.guarded({ conversationId }, async () => {
      const { decided, row } = await this.#run(conversationId, owner, async (snapshot) => {
        const before = clientMessageId ? await reads.messageBy(conversationId, clientMessageId, owner) : null;
        if (!before) await refuseForeign(reads, snapshot, seen, owner);
        const node = await branches.node(conversationId, messageId, owner);
        if (!node) throw new NotFoundError(PROBLEM_TEXTS.noMessage);
        if (node.message.role !== 'USER' || node.message.acknowledgedTurnId !== null)
          throw new InvalidInputError([{ path: 'messageId', message: INPUT_TEXTS.notQuestion }]);
        const fork = await branches.fork(conversationId, node.parentId, owner);
        const follows = await this.#followed(snapshot, owner);
        const facts = { text, clientMessageId, seen, before, fork, follows };
        const { message, draft } = tree.edit(snapshot, facts);
        if (draft) await admit?.();
        return { change: draft, result: message };
      });
      const message = decided.result;
      return { conversation: row, message, turnId: message.turnId ?? message.id };
    });
  }

  /**
   * Shows the branch that holds a message, and on to the message that was visible last of those after it. Idempotent.
   * @throws {BusyError} while a turn is pending
   */
  select(conversationId: string, owner: Owner, messageId: string): Promise<{ conversation: Conversation }> {
    const { engine, branches } = this.#options;
    return engine.guarded({ conversationId }, async () => {
      const { row } = await this.#run(conversationId, owner, async (snapshot) => {
        const node = await branches.node(conversationId, messageId, owner);
        if (!node) throw new NotFoundError(PROBLEM_TEXTS.noMessage);
        const fork = await branches.fork(conversationId, messageId, owner, { onward: true });
        return { change: tree.select(snapshot, fork), result: null };
      });
      return { conversation: row };
    });
  }

  /** Decides when every turn before the pending one is stored. @throws {UnavailableError} when one cannot be */
  async #run<T>(conversationId: string, owner: Owner, decide: Decide<T>): Promise<Done<T>> {
    const { engine } = this.#options;
    for (let tries = 0; ; tries++) {
      try {
        return await engine.run(conversationId, owner, async (snapshot) => {
          if (unfilled(snapshot).length > 0) throw new UnsettledError();
          return decide(snapshot);
        });
      } catch (error) {
        if (!(error instanceof UnsettledError) || tries >= SETTLE_TRIES) throw error;
        await engine.effects(conversationId);
      }
    }
  }

  /** What the answer of the pending turn follows. Null: nothing, or none is pending. */
  async #followed({ row }: Snapshot, owner: Owner): Promise<string | null> {
    return row.pendingTurnId && this.#options.branches.before(row.id, row.pendingTurnId, owner);
  }

  /** The message to answer, and the branch up to it. `messageId` null: the newest; that of the pending turn: what it follows. */
  async #asked(
    { row }: Snapshot,
    messageId: string | null,
    { owner, follows }: { owner: Owner; follows: string | null },
  ): Promise<Pick<tree.RegenerateFacts, 'question' | 'fork'>> {
    const { branches } = this.#options;
    const named = messageId === row.pendingTurnId ? follows : messageId;
    if (named !== null && !(await branches.node(row.id, named, owner)))
      throw new NotFoundError(PROBLEM_TEXTS.noMessage);
    const question = await branches.questionOf(row.id, named, owner);
    const fork = await branches.fork(
      row.id,
      question ?? (await branches.beforeGreeting(row.id, owner)),
      owner,
    );
    return { question: question === null ? null : { id: question }, fork };
  }
}

/** A turn that has been cut off is not stored yet: its answer has no place in the tree. */
class UnsettledError extends UnavailableError {}
