import type { GraphQLResolveInfo } from 'graphql';
import { badInput } from '../bad-input.ts';
import type { GraphQLContext } from '../context.ts';
import { fromNodeId } from '../ids.ts';
import { MAX_REPRESENTATIONS } from '../limits.ts';
import { selectsLive } from '../live-state.ts';
import { readOwnConversations } from '../queries/own-conversations.ts';
import { Conversation } from '../types/conversation.ts';
import { Message } from '../types/message.ts';

/** The types that other subgraphs can refer to, each by its id. */
export const ENTITY_TYPES = [Conversation, Message];

export const ENTITY_NAMES = ['Conversation', 'Message'] as const;
type EntityName = (typeof ENTITY_NAMES)[number];

/**
 * The entity of each representation, in their order; null where `node(id:)` would be null. The entities of a type are read
 * together, however many they are.
 * @throws {GraphQLError} BAD_USER_INPUT for too many representations, and for one whose type is not an entity
 */
export async function readEntities(
  representations: readonly unknown[],
  context: GraphQLContext,
  info: GraphQLResolveInfo,
) {
  if (representations.length > MAX_REPRESENTATIONS)
    throw badInput('representations', `must be at most ${MAX_REPRESENTATIONS}`);
  const asked = representations.map(rowOf);
  const idsOf = (type: string) => [...new Set(asked.flatMap((one) => (one?.type === type ? [one.id] : [])))];
  const [conversations, messages] = await Promise.all([
    readSome(idsOf('Conversation'), (ids) => readOwnConversations(ids, context, selectsLive(info))),
    readSome(idsOf('Message'), (ids) => context.own.messages(ids)),
  ]);
  const rows = {
    Conversation: new Map(conversations.map((row) => [row.id, Conversation.addBrand(row)])),
    Message: new Map(messages.map((row) => [row.id, Message.addBrand(row)])),
  };
  return asked.map((one) => (one && rows[one.type].get(one.id)) ?? null);
}

async function readSome<Row>(ids: string[], read: (ids: string[]) => Promise<Row[]>): Promise<Row[]> {
  return ids.length === 0 ? [] : read(ids);
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
