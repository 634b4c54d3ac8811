import type { Conversation, Message } from '../../generated/prisma/client.ts';
import type { Change, MessageChange } from './draft.ts';

/** A row as PostgreSQL returns it, with its column names in snake case. */
export type RawRow = Record<string, unknown>;

/** Reads `conversations.*`. */
export function conversationRow(raw: RawRow): Conversation {
  return camelCased<Conversation>(raw);
}

/** Reads `messages.*` and `to_jsonb(messages)`. */
export function messageRow(raw: RawRow): Message {
  const row = camelCased<Message>(raw);
  if (typeof row.createdAt === 'string') row.createdAt = new Date(row.createdAt);
  return row;
}

/** `Row`: Prisma's type of the table that `raw` is a row of. */
function camelCased<Row>(raw: RawRow): Row {
  const row: RawRow = {};
  for (const name in raw) row[camelCase(name)] = raw[name];
  return row as Row;
}

const camelCases = new Map<string, string>();

function camelCase(name: string): string {
  const known = camelCases.get(name);
  if (known !== undefined) return known;
  const made = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  camelCases.set(name, made);
  return made;
}

/** The new messages of a change, as input of `jsonb_to_recordset`. */
export function insertedJson({ insert }: Change): string {
  return JSON.stringify(
    insert.map(({ id, clientMessageId, turnId, role, content, status, model, ...rest }) => ({
      ...{ id, client_message_id: clientMessageId, turn_id: turnId, role, content, status, model },
      interruption_reason: rest.interruptionReason,
      is_truncated: rest.isTruncated,
      created_at: rest.createdAt,
    })),
  );
}

/** The message updates of a change, as input of `jsonb_to_recordset`. */
export function updatedJson({ update }: Change): string {
  return JSON.stringify(update.map(updateJson));
}

function updateJson(change: MessageChange): RawRow {
  const { turnId, failure, content } = change;
  return {
    id: 'id' in change ? change.id : null,
    answered_by: 'answeredBy' in change ? change.answeredBy : null,
    turn_id: turnId ?? null,
    content: content ?? null,
    sets_failure: failure !== undefined,
    failed_turn_id: failure?.turnId ?? null,
    failure_code: failure?.code ?? null,
    failure_retryable: failure?.retryable ?? null,
  };
}
