import { decodeGlobalID, encodeGlobalID } from '@pothos/plugin-relay';
import { isUuid } from '../../core/conversation/ids.ts';
import { NotFoundError } from '../../core/errors.ts';

/** The types that have ids of their own. */
export type NodeType = 'Conversation' | 'Message' | 'InferenceLog';

export function toNodeId(type: NodeType, id: string): string {
  return encodeGlobalID(type, id);
}

/** The type and the row's id that a node id stands for; null for anything that is not an id of ours. */
export function fromNodeId(nodeId: string): { type: string; id: string } | null {
  try {
    const { typename, id } = decodeGlobalID(nodeId);
    return isUuid(id) ? { type: typename, id } : null;
  } catch {
    return null;
  }
}

/** @throws {NotFoundError} when it is not the id of a conversation: then there is none. */
export function conversationIdFrom(nodeId: string): string {
  const node = fromNodeId(nodeId);
  if (node?.type !== 'Conversation') throw new NotFoundError();
  return node.id;
}
