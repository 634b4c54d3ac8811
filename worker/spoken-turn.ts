import type { InterruptionReason } from '../core/conversation/vocabulary.ts';
import type { Feed, OpenTurn, SpeakOutcome, TurnEnding } from '../core/feed/feed.ts';
import type { Answer } from '../core/turns/answer.ts';

/**
 * A turn as its speaker holds it. Its text is what the feed has confirmed. A step whose outcome was never learnt, or a
 * feed that has lost the turn or the end of its text, is mended by claiming it again and saying what is missing.
 */
export class SpokenTurn {
  readonly #feed: Feed;
  readonly #conversationId: string;
  readonly #isOwed: () => Promise<boolean>;
  /** As the feed had it when it was last claimed. */
  #turn: OpenTurn;
  #said: Said;
  #steps: Promise<unknown> = Promise.resolve();
  /** Set when the feed may not hold what was said, or more than that. */
  #uncertain = false;

  /** `isOwed`: asked before a turn that the feed has lost is opened in it anew; unset: it is. */
  constructor(feed: Feed, conversationId: string, turn: OpenTurn, isOwed = async () => true) {
    this.#feed = feed;
    this.#conversationId = conversationId;
    this.#turn = turn;
    this.#isOwed = isOwed;
    this.#said = { text: turn.text, tokens: turn.tokens };
  }

  get turn(): OpenTurn {
    return { ...this.#turn, ...this.#said };
  }

  /** What was heard of it. */
  get text(): string {
    return this.#said.text;
  }

  /** It as an answer to store: whole, or cut off for a reason. */
  heard(interruptionReason: InterruptionReason | null): Answer {
    const { id, model } = this.#turn;
    return { turnId: id, text: this.#said.text, model, interruptionReason, isTruncated: false };
  }

  /**
   * Speaks on; false when it is not this speaker's turn any more. When it rejects, the same call can be repeated: it
   * says nothing twice.
   */
  say(text: string, tokens: number): Promise<boolean> {
    return this.#step(() => this.#say(text, tokens));
  }

  /** Publishes that the model thinks; false when it was not. Nothing depends on it, so nothing is mended for it. */
  think(seconds: number): Promise<boolean> {
    return this.#step(
      async () => (await this.#feed.think(this.#conversationId, this.#turn, seconds)) === 'published',
    );
  }

  /** Has the feed hold what was said, where it may have lost it; false when it is not this speaker's turn any more. */
  takeUp(): Promise<boolean> {
    return this.#step(() => {
      this.#uncertain = true;
      return this.#say('', 0);
    });
  }

  async #say(text: string, tokens: number): Promise<boolean> {
    const whole = { text: this.#said.text + text, tokens: this.#said.tokens + tokens };
    let inFeed = this.#said;
    while (true) {
      if (this.#uncertain) {
        if (!(await this.#reclaim())) return false;
        inFeed = this.#turn;
      }
      if (!whole.text.startsWith(inFeed.text)) return false;
      const rest = whole.text.slice(inFeed.text.length);
      const outcome = rest && (await this.#speak(rest, Math.max(0, whole.tokens - inFeed.tokens)));
      if (outcome === 'fenced') return false;
      if (outcome === 'lost') continue;
      this.#said = whole;
      return true;
    }
  }

  /** Ends it; false when it is not this speaker's turn any more. When it rejects, the same call can be repeated. */
  close(ending: TurnEnding): Promise<boolean> {
    return this.#step(() => this.#close(ending));
  }

  async #close(ending: TurnEnding): Promise<boolean> {
    const closed = await this.#feed.close(this.#conversationId, this.#turn, ending);
    if (closed.outcome !== 'lost') return closed.outcome === 'closed';
    this.#uncertain = true;
    return (await this.#say('', 0)) && this.#close(ending);
  }

  /** One after the other, so that each begins with what the one before has left. */
  #step(step: () => Promise<boolean>): Promise<boolean> {
    const done = this.#steps.then(step);
    this.#steps = done.catch(() => {});
    return done;
  }

  async #speak(text: string, tokens: number): Promise<SpeakOutcome> {
    this.#uncertain = true;
    const outcome = await this.#feed.speak(this.#conversationId, this.#turn, text, tokens);
    this.#uncertain = outcome === 'lost';
    return outcome;
  }

  /**
   * Takes the turn up again, in a feed that had lost it from what it had said. False when it is another's, or over.
   * A feed that fell back to an earlier moment may hold an older turn open: its time is over.
   */
  async #reclaim(): Promise<boolean> {
    const { id, cause, model, fallback } = this.#turn;
    const claim = () => this.#feed.claim(this.#conversationId, id, this.#turn);
    let turn = await claim();
    // The conversation may have been deleted or ended, and its feed removed with all that it knew.
    if (!turn && !(await this.#isOwed())) return false;
    while (!turn) {
      const again = { id, cause, model, ...(fallback && { fallback }), spoken: this.#said };
      const begun = await this.#feed.begin(this.#conversationId, again);
      if (begun.outcome === 'busy') {
        await this.#feed.interrupt(this.#conversationId, 'USER_MESSAGE', { turnId: begun.with });
        continue;
      }
      turn = await claim();
      if (!turn) return false;
    }
    this.#uncertain = false;
    this.#turn = turn;
    return true;
  }
}

type Said = Pick<OpenTurn, 'text' | 'tokens'>;
