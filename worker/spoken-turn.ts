import type { Feed, OpenTurn, SpeakOutcome, TurnEnding } from '../core/live/feed/feed.ts';

/**
 * A turn as its speaker holds it. Its text is what the feed has confirmed. After a step with an unknown outcome, or when the
 * feed has lost the turn or the end of its text, it claims the turn again and speaks what is missing.
 */
export class SpokenTurn {
  readonly #feed: Feed;
  readonly #conversationId: string;
  readonly #drive: (own: OpenTurn) => Promise<unknown>;
  /** The turn as the last claim returned it. */
  #turn: OpenTurn;
  #said: Said;
  #steps: Promise<unknown> = Promise.resolve();
  /** Whether the feed's text of the turn may be shorter or longer than what was confirmed. */
  #uncertain = false;

  /** `drive` opens a turn that the feed has lost again, if it is still pending, with what the speaker knows of it. */
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

  /** What the feed has confirmed. */
  get text(): string {
    return this.#said.text;
  }

  /**
   * Speaks more text. False: the turn is no longer this speaker's. When it rejects, the same call can be repeated: nothing is
   * spoken twice.
   */
  say(text: string, tokens: number): Promise<boolean> {
    return this.#step(() => this.#say(text, tokens));
  }

  /** Publishes that the model thinks. False: it was not published. Nothing depends on it, so it is not retried. */
  think(seconds: number): Promise<boolean> {
    return this.#step(
      async () => (await this.#feed.think(this.#conversationId, this.#turn, seconds)) === 'published',
    );
  }

  /** Restores what was spoken in a feed that may have lost it. False: the turn is no longer this speaker's. */
  restore(): Promise<boolean> {
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

  /** Ends the turn. False: it is no longer this speaker's. When it rejects, the same call can be repeated. */
  finish(ending: TurnEnding): Promise<boolean> {
    return this.#step(() => this.#finish(ending));
  }

  async #finish(ending: TurnEnding): Promise<boolean> {
    const outcome = await this.#feed.finish(this.#conversationId, this.#turn, ending);
    if (outcome !== 'lost') return outcome === 'finished';
    this.#uncertain = true;
    return (await this.#say('', 0)) && this.#finish(ending);
  }

  /** Runs steps one after another, so that each begins from the result of the one before. */
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
   * Claims the turn again. If the feed has lost it, opens it there with what this speaker has spoken. False: the turn is
   * another speaker's, or over.
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
