import { StoreUnavailableError } from '../../core/domain/errors.ts';
import type { HeardEvent, Position } from '../../core/live/feed/events.ts';
import type { MemoryFeed } from '../../core/live/feed/memory.ts';
import type { MemoryConversationStore } from '../support/memory-conversation-store.ts';

/** What those who listen see of the explored world. */
export interface View {
  readonly stored: MemoryConversationStore;
  /** What was seen of the turns that were cut to that, as it was committed. */
  readonly seen: ReadonlyMap<string, number>;
  readonly hasLost: boolean;
  /** Adds a line to the trace. */
  note(line: string): void;
  /** Reports that an invariant is broken. */
  bad(line: string): void;
}

/** The conversation that they listen to. */
export interface Listened {
  readonly id: string;
  readonly name: string;
}

/** Listens, and where that is refused, listens again after the last event heard. */
export async function* heardBy(
  feed: MemoryFeed,
  conversationId: string,
  from: Position,
): AsyncGenerator<HeardEvent> {
  let after = from;
  while (true) {
    try {
      for await (const event of feed.subscribe(conversationId, { after })) {
        after = event;
        yield event;
      }
      return;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }
}
