import type { Message } from '../../generated/prisma/client.ts';
import { idAfter, timeOfId } from '../domain/ids.ts';
import { type Draft, NO_FAILURE } from '../store/draft.ts';
import type { Seen } from '../store/outbox.ts';
import { previewOf } from '../text/preview.ts';
import { titleFrom } from '../text/title.ts';
import { PLAIN_MESSAGE } from './answer.ts';
import { publishBranch } from './publish-branch.ts';
import { publishSettings } from './publish-settings.ts';

/** What the user wrote. */
export interface WrittenMessage {
  text: string;
  clientMessageId: string | null;
}

/**
 * Adds a message of the user, and makes a turn pending that answers it; no other turn may be. The conversation becomes ACTIVE.
 * `selectsBranch`: it is the first one of another branch than was visible.
 */
export function addQuestion(
  draft: Draft,
  written: WrittenMessage,
  { selectsBranch = false }: { selectsBranch?: boolean } = {},
): Message {
  const id = draft.nextId();
  const turnId = idAfter(id, draft.now);
  const message = messageRow(draft, id, written, { turnId });
  draft.await(turnId, 'USER_MESSAGE');
  draft.set({ status: 'ACTIVE', ...NO_FAILURE });
  if (selectsBranch) publishBranch(draft, id);
  add(draft, message);
  return message;
}

/** Adds a message of the user that nothing will answer. */
export function addUnanswered(draft: Draft, written: WrittenMessage): Message {
  const message = messageRow(draft, draft.nextId(), written);
  draft.set({ lastTurnId: message.id });
  add(draft, message);
  return message;
}

/** Adds a message that only acknowledges an answer: it has none itself, and gives neither title nor preview. `to`: how much of it. */
export function addAcknowledgement(draft: Draft, written: WrittenMessage, to: Seen): Message {
  const acknowledged = { acknowledgedTurnId: to.turnId, acknowledgedOffset: to.offset };
  const message = messageRow(draft, draft.nextId(), written, acknowledged);
  draft.insert.push(message);
  draft.set({
    lastAcknowledgementId: message.id,
    messageCount: draft.row.messageCount + 1,
    updatedAt: message.createdAt,
  });
  draft.publish({ type: 'MessageAdded', id: message.id });
  return message;
}

function messageRow(
  { row }: Draft,
  id: string,
  { text, clientMessageId }: WrittenMessage,
  columns: Partial<Message> = {},
): Message {
  return {
    ...PLAIN_MESSAGE,
    ...{ id, conversationId: row.id, clientMessageId },
    ...{ role: 'USER', content: text, status: 'COMPLETED', model: null, createdAt: new Date(timeOfId(id)) },
    ...columns,
  };
}

function add(draft: Draft, message: Message): void {
  const { row } = draft;
  const { id, content, createdAt: at } = message;
  draft.insert.push(message);
  draft.set({
    title: row.title ?? titleFrom(content),
    messageCount: row.messageCount + 1,
    lastMessagePreview: previewOf(content),
    lastActivityAt: at,
    updatedAt: at,
  });
  draft.publish({ type: 'MessageAdded', id });
  if (row.title === null) publishSettings(draft);
}
