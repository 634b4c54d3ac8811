import { accepts, type MediaRange, rangesOf } from './accepts.ts';
import { EVENT_STREAM } from './event-stream.ts';
import { MULTIPART } from './multipart.ts';
import type { StreamFormat } from './stream-format.ts';

/**
 * The format in which results are streamed to a caller that sends this `Accept`; null when it accepts no format. If it
 * names both, the one of higher quality is chosen, then the first; a range with an asterisk names none.
 */
export function formatFor(accept: string | null | undefined): StreamFormat | null {
  const ranges = rangesOf(accept).filter(({ isUtf8, quality }) => isUtf8 && quality > 0);
  const multipart = ranges.find(isMultipart);
  if (!multipart) return accepts(accept, [EVENT_STREAM.type]) ? EVENT_STREAM : null;
  const events = ranges.find(({ range }) => range === EVENT_STREAM.type);
  if (!events || multipart.quality > events.quality) return MULTIPART;
  const isFirst = ranges.indexOf(multipart) < ranges.indexOf(events);
  return isFirst && multipart.quality === events.quality ? MULTIPART : EVENT_STREAM;
}

/** Without its version the range means another protocol, that of incremental delivery. */
function isMultipart({ range, parameters }: MediaRange): boolean {
  return range === 'multipart/mixed' && parameters.get('subscriptionspec') === '1.0';
}
