import type { StreamFormat } from './stream-format.ts';

/** How often a comment keeps the connection alive, in milliseconds. */
const COMMENT_MS = 12_000;

/** Server-sent events, as GraphQL over SSE writes them in its distinct connections mode. */
export const EVENT_STREAM: StreamFormat = {
  type: 'text/event-stream',
  opening: ':\n\n',
  heartbeat: ':\n\n',
  heartbeatMs: COMMENT_MS,
  next: (result, cursor) => sentEvent('next', JSON.stringify(result), cursor),
  fault: (result) => sentEvent('next', JSON.stringify(result), null),
  closing: 'event: complete\ndata:\n\n',
};

/**
 * One event. `data` is JSON, which has no line breaks. An event source keeps the `id` of the last event that had one, and
 * sends it as `Last-Event-ID` when it reconnects.
 */
export function sentEvent(event: string, data: string, id: string | null): string {
  return `${id === null ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;
}
