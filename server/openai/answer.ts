import type { TokenUsage } from '../../core/domain/vocabulary.ts';

/** An answer that is being made. */
export interface Answer {
  /** The id that each of its chunks has. */
  id: string;
  /** The id of the model that answers. */
  model: string;
  /** Texts, then exactly one end. Iterating throws when the answer fails; leaving early stops it. */
  pieces: AsyncIterable<Piece>;
}

export type Piece =
  /** Another model than the expected one answers. */
  | { type: 'model'; model: string }
  | { type: 'text'; text: string }
  /** `usage`: null when the provider did not count. `isTruncated`: whether the model stopped at its limit of tokens. */
  | { type: 'end'; usage: TokenUsage | null; isTruncated: boolean };
