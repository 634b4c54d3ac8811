import { NotFoundError } from '../../core/domain/errors.ts';
import { isUuid } from '../../core/domain/ids.ts';

/** The types that have ids of their own. */
export type NodeType = 'Conversation' | 'Message' | 'InferenceLog';

/**
 * The id of a row among all types, such as `Message_0192f0c1-…`. Rows have UUIDv7, so ids of one type compare as strings
 * in the order in which they were made: those of turns as the contract promises it.
 */
export function toNodeId(type: string, id: string): string {
  return `${type}_${id}`;
}

/** The type and the row's id that a node id stands for; null for anything that is not an id of ours. */
export function fromNodeId(nodeId: string): { type: string; id: string } | null {
  const at = nodeId.indexOf('_');
  const [type, id] = [nodeId.slice(0, at), nodeId.slice(at + 1)];
  return at > 0 && isUuid(id) ? { type, id } : null;
}

/** @throws {NotFoundError} when it is not the id of a conversation: then there is none. */
export function conversationIdFrom(nodeId: string): string {
  const node = fromNodeId(nodeId);
  if (node?.type !== 'Conversation') throw new NotFoundError();
  return node.id;
}
