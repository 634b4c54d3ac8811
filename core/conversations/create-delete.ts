import { NotFoundError, StoreUnavailableError, UnavailableError } from '../domain/errors.ts';
import { idAfter } from '../domain/ids.ts';
import type { Owner } from '../domain/owner.ts';
import type { ConversationStore, Created } from '../store/conversation-store.ts';
import type { Draft } from '../store/draft.ts';
import { answerWithin, REPLY_GRACE_MS } from '../turns/deadline.ts';
import { type Look, resolveDoubt } from '../turns/doubt.ts';

/**
 * Creates a conversation, with `greet` with a pending greeting; or returns the one that its owner created before with the
 * same `clientConversationId`.
 * @throws {UnavailableError} when it was not created and will not be
 * @throws {OutcomeUnknownError} when that could not be found out
 */
export async function createConversation(
  store: ConversationStore,
  draft: Draft,
  {
    greet,
    clientConversationId,
    withinMs,
  }: { greet: boolean; clientConversationId: string | null; withinMs: number },
): Promise<Exclude<Created, { outcome: 'late' }>> {
  const { id } = draft.row;
  if (greet) draft.await(idAfter(id, draft.now), 'GREETING');
  const deadline = draft.now + withinMs;
  const create = () => store.create({ ...draft, clientConversationId }, deadline);
  const look: Look<Created> = async () => {
    const settledAt = await store.now();
    const found = await store.read(id);
    const done = found && ({ outcome: 'created', row: found.row } as const);
    return { settledAt, done };
  };
  const created = await once(create, look, { deadline, withinMs });
  if (created.outcome === 'late')
    throw new UnavailableError({
      cause: new Error('the row was locked, or the database slow: the commit came after its deadline'),
    });
  return created;
}

/**
 * Deletes a conversation with its messages. A long one takes longer than `withinMs`: the statement must begin before that.
 * @throws {NotFoundError} when the owner has no such conversation
 * @throws {UnavailableError} when it was not deleted and will not be
 * @throws {OutcomeUnknownError} when that could not be found out
 */
export async function deleteConversation(
  store: ConversationStore,
  conversationId: string,
  { owner, withinMs }: { owner: Owner; withinMs: number },
): Promise<void> {
  const deadline = (await answerWithin(withinMs, store.now())) + withinMs;
  const remove = () => store.delete(conversationId, owner, deadline);
  const look: Look<'deleted'> = async () => {
    const settledAt = await store.settledAt(conversationId);
    return { settledAt, done: (await store.read(conversationId)) ? null : 'deleted' };
  };
  const outcome = await once<'deleted' | 'absent' | 'late'>(remove, look, {
    deadline,
    withinMs: DELETE_WITHIN_MS,
  });
  if (outcome === 'absent') throw new NotFoundError();
  if (outcome === 'late')
    throw new UnavailableError({
      cause: new Error('the row was locked, or the database slow: the commit came after its deadline'),
    });
}

/** The database's own limit of a statement, in milliseconds. */
const DELETE_WITHIN_MS = 10_000;

/** Sends a statement once, and finds out what it did when its reply is lost or late. */
async function once<T>(
  send: () => Promise<T>,
  look: Look<T>,
  { deadline, withinMs }: { deadline: number; withinMs: number },
): Promise<T> {
  try {
    return await answerWithin(withinMs + REPLY_GRACE_MS, send());
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    return resolveDoubt(look, { deadline }, error);
  }
}
