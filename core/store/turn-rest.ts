import type { ModelFallback } from '../domain/vocabulary.ts';
import type { TurnEnding } from '../live/feed/feed.ts';

/**
 * The rest of a pending turn: what is still to be spoken at READING pace when its model has finished. It is stored with the
 * turn, so that no worker asks the model again.
 */
export interface TurnRest {
  conversationId: string;
  turnId: string;
  /** The whole text of the turn: the feed knows how far it is spoken. */
  text: string;
  /** How far it was spoken when this was stored, in UTF-16 code units, for a feed that has lost the turn. */
  spoken: number;
  /** The tokens of that part. */
  tokens: number;
  /** The id of the model that answered. */
  model: string;
  /** Set when that is not the requested model. */
  fallback: ModelFallback | null;
  /** How the turn ends after its last word. */
  ending: Exclude<TurnEnding, { type: 'TurnInterrupted' }>;
  /** Words a minute, which hold to the end of the turn. */
  readingWpm: number;
}
