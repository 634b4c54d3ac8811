import type { Feed, OpenTurn, SpeakOutcome, TurnEnding } from '../core/live/feed/feed.ts';

/**
 * A turn as its speaker holds it. Its text is what the feed has confirmed. A step whose outcome was never learnt, or a
 * feed that has lost the turn or the end of its text, is mended by claiming it again and saying what is missing.
 */
export class SpokenTurn {
  readonly #feed: Feed;
  readonly #conversationId: string;
  readonly #drive: (own: OpenTurn) => Promise<unknown>;
  /** As the feed had it when it was last claimed. */
  #turn: OpenTurn;
  #said: Said;
  #steps: Promise<unknown> = Promise.resolve();
  /** Set when the feed may not hold what was said, or more than that. */
  #uncertain = false;

  /** `drive`: has a turn that the feed has lost opened in it again, if it is still pending, from what is known of it. */
  constructor(
    feed: Feed,
    conversationId: string,
    turn: OpenTurn,
    drive: (own: OpenTurn) => Promise<unknown>,
  ) {
    this.#feed = feed;
    this.#conversationId = conversationId;
    this.#turn = turn;
    this.#drive = drive;
    this.#said = { text: turn.text, tokens: turn.tokens };
  }

  get turn(): OpenTurn {
    return { ...this.#turn, ...this.#said };
  }

  /** What was heard of it. */
  get text(): string {
    return this.#said.text;
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
  finish(ending: TurnEnding): Promise<boolean> {
    return this.#step(() => this.#finish(ending));
  }

  async #finish(ending: TurnEnding): Promise<boolean> {
    const outcome = await this.#feed.finish(this.#conversationId, this.#turn, ending);
    if (outcome !== 'lost') return outcome === 'finished';
    this.#uncertain = true;
    return (await this.#say('', 0)) && this.#finish(ending);
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
   * Takes the turn up again; where the feed has lost it, it is opened there from what this speaker has said. False when it is
   * another's, or over.
   */
  async #reclaim(): Promise<boolean> {
    const claim = () => this.#feed.claim(this.#conversationId, this.#turn.id, this.#turn);
    let turn = await claim();
    if (!turn) {
      await this.#drive(this.turn);
      turn = await claim();
    }
    if (!turn) return false;
    this.#uncertain = false;
    this.#turn = turn;
    return true;
  }
}

type Said = Pick<OpenTurn, 'text' | 'tokens'>;
