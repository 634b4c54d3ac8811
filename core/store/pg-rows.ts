import type { Conversation, Message } from '../../generated/prisma/client.ts';
import type { Change, MessageChange } from './draft.ts';
import type { MessageBranch } from './own-rows.ts';
import type { TurnRest } from './turn-rest.ts';

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

/** Reads a place among alternatives. */
export function branchRow(raw: RawRow): MessageBranch & { id: string } {
  return camelCased<MessageBranch & { id: string }>(raw);
}

/** Reads `pending_turn_rests.*`. */
export function restRow(raw: RawRow): TurnRest {
  return camelCased<TurnRest>(raw);
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
      acknowledged_turn_id: rest.acknowledgedTurnId,
      acknowledged_offset: rest.acknowledgedOffset,
      parent_id: rest.parentId,
      hidden_since: rest.hiddenSince,
      input_tokens: rest.inputTokens,
      output_tokens: rest.outputTokens,
      duration_ms: rest.durationMs,
      created_at: rest.createdAt,
    })),
  );
}

/** The message updates of a change, as input of `jsonb_to_recordset`. */
export function updatedJson({ update }: Change): string {
  return JSON.stringify(update.map(updateJson));
}

/** The rest of a change, as input of `jsonb_to_recordset`: an empty list if it has none. */
export function restJson({ rest }: Change): string {
  if (!rest) return '[]';
  const { turnId, readingWpm, text, spoken, tokens, model, fallback, ending } = rest;
  return JSON.stringify([
    { turn_id: turnId, reading_wpm: readingWpm, text, spoken, tokens, model, fallback, ending },
  ]);
}

function updateJson(change: MessageChange): RawRow {
  const { turnId, failure, content, isShown = false } = change;
  return {
    id: 'id' in change ? change.id : null,
    answered_by: 'answeredBy' in change ? change.answeredBy : null,
    turn_id: turnId ?? null,
    content: content ?? null,
    is_shown: isShown,
    sets_failure: failure !== undefined,
    failed_turn_id: failure?.turnId ?? null,
    failure_code: failure?.code ?? null,
    failure_retryable: failure?.retryable ?? null,
  };
}
