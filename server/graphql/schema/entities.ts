import type { GraphQLResolveInfo } from 'graphql';
import { badInput } from '../bad-input.ts';
import type { GraphQLContext } from '../context.ts';
import { fromNodeId } from '../ids.ts';
import { MAX_REPRESENTATIONS } from '../limits.ts';
import { selectsLive } from '../live-state.ts';
import { MAX_PAGE_SIZE } from '../page.ts';
import { readOwnConversations } from '../queries/own-conversations.ts';
import { Conversation } from '../types/conversation.ts';
import { Message } from '../types/message.ts';

/** The types that other subgraphs can refer to, each by its id. */
export const ENTITY_TYPES = [Conversation, Message];

export const ENTITY_NAMES = ['Conversation', 'Message'] as const;
type EntityName = (typeof ENTITY_NAMES)[number];

/**
 * The entity of each representation, in their order; null where `node(id:)` would be null. Those of a type are read together,
 * but messages, which can be long, in pages like those of other lists. Once the result is too large, no further page is read.
 * @throws {GraphQLError} BAD_USER_INPUT for too many representations, and for one whose type is not an entity
 */
export function readEntities(
  representations: readonly unknown[],
  context: GraphQLContext,
  info: GraphQLResolveInfo,
) {
  if (representations.length > MAX_REPRESENTATIONS)
    throw badInput('representations', `must be at most ${MAX_REPRESENTATIONS}`);
  const asked = representations.map(rowOf);
  const idsOf = (type: string) => [...new Set(asked.flatMap((one) => (one?.type === type ? [one.id] : [])))];
  const { own, pageReads, resultSize } = context;
  const live = selectsLive(info);
  const conversations = readById(idsOf('Conversation'), MAX_REPRESENTATIONS, async (ids) =>
    (await readOwnConversations(ids, context, live)).map((row) => Conversation.addBrand(row)),
  );
  const messages = readById(idsOf('Message'), MAX_PAGE_SIZE, (ids) =>
    pageReads(async () =>
      resultSize.isExceeded ? [] : (await own.messages(ids)).map((row) => Message.addBrand(row)),
    ),
  );
  return asked.map((one) => {
    if (!one) return null;
    const read = one.type === 'Conversation' ? conversations : messages;
    return read.get(one.id)?.then((rows) => rows.get(one.id) ?? null) ?? null;
  });
}

/** By id, the rows with which its row is read: `atOnce` at most. */
function readById<Row extends { id: string }>(
  ids: readonly string[],
  atOnce: number,
  read: (ids: string[]) => Promise<Row[]>,
): Map<string, Promise<Map<string, Row>>> {
  const pages = new Map<string, Promise<Map<string, Row>>>();
  for (let at = 0; at < ids.length; at += atOnce) {
    const some = ids.slice(at, at + atOnce);
    const rows = read(some).then((found) => new Map(found.map((row) => [row.id, row])));
    for (const id of some) pages.set(id, rows);
  }
  return pages;
}

/** The row that a representation names; null when its id is not an id of its type. */
function rowOf(representation: unknown): { type: EntityName; id: string } | null {
  const { __typename: type, id } = (representation ?? {}) as Record<string, unknown>;
  const named = ENTITY_NAMES.find((name) => name === type);
  if (!named)
    throw badInput('representations', `each must have as __typename one of ${ENTITY_NAMES.join(', ')}`);
  const node = typeof id === 'string' ? fromNodeId(id) : null;
  return node?.type === named ? { type: named, id: node.id } : null;
}
