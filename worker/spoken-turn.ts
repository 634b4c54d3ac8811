import type { MessageStatus } from '../core/conversation/vocabulary.ts';
import type { Feed, OpenTurn, TurnEnding } from '../core/feed/feed.ts';
import type { Answer } from '../core/turns/answer.ts';

/**
 * A turn as its speaker holds it. Its text is what the feed has confirmed; a step whose outcome was never learnt, or
 * a feed that has lost the turn, is mended by claiming it again and comparing.
 */
export class SpokenTurn {
  readonly #feed: Feed;
  readonly #conversationId: string;
  #turn: OpenTurn;
  /** Set when the last step's outcome is unknown. */
  #uncertain = false;

  constructor(feed: Feed, conversationId: string, turn: OpenTurn) {
    this.#feed = feed;
    this.#conversationId = conversationId;
    this.#turn = turn;
  }

  get turn(): OpenTurn {
    return this.#turn;
  }

  /** What was heard of it. */
  get text(): string {
    return this.#turn.text;
  }

  /** It as an answer to store. */
  heard(status: MessageStatus): Answer {
    const { id, text, model } = this.#turn;
    return { turnId: id, text, model, status };
  }

  /**
   * Speaks on; false when it is not this speaker's turn any more. When it rejects, the same call can be repeated: it
   * says nothing twice.
   */
  async say(text: string, tokens: number): Promise<boolean> {
    const whole = this.#turn.text + text;
    if (this.#uncertain) {
      if (!(await this.#reclaim())) return false;
      if (!whole.startsWith(this.#turn.text)) return false;
      if (this.#turn.text === whole) return true;
    }
    this.#uncertain = true;
    const rest = whole.slice(this.#turn.text.length);
    const outcome = await this.#feed.speak(this.#conversationId, this.#turn, rest, tokens);
    this.#uncertain = false;
    if (outcome === 'spoken') {
      this.#turn = { ...this.#turn, text: whole, tokens: this.#turn.tokens + tokens };
      return true;
    }
    if (outcome === 'fenced') return false;
    return (await this.#reclaim()) && this.say(whole.slice(this.#turn.text.length), tokens);
  }

  /** Ends it, unless it has ended. When it rejects, the same call can be repeated. */
  async close(ending: TurnEnding): Promise<void> {
    const closed = await this.#feed.close(this.#conversationId, this.#turn, ending);
    if (closed.outcome === 'lost' && (await this.#reclaim())) await this.close(ending);
  }

  /** Takes the turn up again, in a feed that had lost it from what it had said. False when it is another's, or over. */
  async #reclaim(): Promise<boolean> {
    const { id, cause, model, text, tokens } = this.#turn;
    let turn = await this.#feed.claim(this.#conversationId, id, this.#turn);
    if (!turn) {
      await this.#feed.begin(this.#conversationId, { id, cause, model, spoken: { text, tokens } });
      turn = await this.#feed.claim(this.#conversationId, id, this.#turn);
    }
    this.#uncertain = false;
    if (!turn) return false;
    this.#turn = turn;
    return true;
  }
}
