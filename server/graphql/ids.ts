import { InvalidInputError, NotFoundError } from '../../core/domain/errors.ts';
import { isUuid } from '../../core/domain/ids.ts';
import { INPUT_TEXTS, PROBLEM_TEXTS } from '../../core/domain/texts.ts';

/** The types that can be fetched by their id. */
export type NodeType = 'Conversation' | 'Message' | 'InferenceLog' | 'ApiToken';

/**
 * The id of a row among all types, such as `Message_0192f0c1-…`. Rows have UUIDv7, so ids of one type compare as strings
 * in the order in which they were made, which the public contract promises for messages and turns.
 */
export function toNodeId(type: string, id: string): string {
  return `${type}_${id}`;
}

/** The type and the row's id in a node id; null for any other text. */
export function fromNodeId(nodeId: string): { type: string; id: string } | null {
  const at = nodeId.indexOf('_');
  const [type, id] = [nodeId.slice(0, at), nodeId.slice(at + 1)];
  return at > 0 && isUuid(id) ? { type, id } : null;
}

/** @throws {NotFoundError} when it is not the id of a conversation */
export function conversationIdFrom(nodeId: string): string {
  const node = fromNodeId(nodeId);
  if (node?.type !== 'Conversation') throw new NotFoundError();
  return node.id;
}

/** @throws {NotFoundError} when it is not the id of a waiting message */
export function queuedMessageIdFrom(nodeId: string): string {
  const node = fromNodeId(nodeId);
  if (node?.type !== 'QueuedMessage') throw new NotFoundError(PROBLEM_TEXTS.noQueuedMessage);
  return node.id;
}

/** @throws {NotFoundError} when it is not the id of a message */
export function messageIdFrom(nodeId: string): string {
  const node = fromNodeId(nodeId);
  if (node?.type !== 'Message') throw new NotFoundError(PROBLEM_TEXTS.noMessage);
  return node.id;
}

/** The id of a turn is that of the message that it becomes. @throws {InvalidInputError} at `path` when it is no such id */
export function turnIdFrom(nodeId: string, path: string): string {
  const node = fromNodeId(nodeId);
  if (node?.type === 'Message') return node.id;
  throw new InvalidInputError([{ path, message: INPUT_TEXTS.notId('turn') }]);
}
