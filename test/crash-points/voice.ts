import type { Feed } from '../../core/live/feed/feed.ts';
import type { Llm, LlmChunk, LlmRequest } from '../../core/llm/calls/client.ts';
import { LlmError } from '../../core/llm/errors/errors.ts';
import type { Effects } from './effects.ts';

export const FIRST_WORD = 'One ';
const WORDS = [FIRST_WORD, 'two ', 'three.'];
/** The text of every complete answer. */
export const ANSWER = WORDS.join('');

/**
 * A model that gives one answer, a word at a time, each once the one before was spoken; it continues one that has begun. With
 * `isAhead` it waits for no word.
 */
export class Voice implements Llm {
  readonly provider = 'custom';
  /** The turns that it was asked to answer. */
  readonly asked: string[] = [];
  readonly #feed: Feed;
  readonly #fails: boolean;
  readonly #isAhead: boolean;
  #spoken: () => void = () => {};
  #pause: Promise<void> = Promise.resolve();
  #goOn = () => {};

  /** `fails`: after its last word. `holds`: after its first word, until `goOn`. */
  constructor(
    feed: Feed,
    {
      fails = false,
      holds = false,
      isAhead = false,
    }: { fails?: boolean; holds?: boolean; isAhead?: boolean } = {},
  ) {
    this.#feed = feed;
    this.#isAhead = isAhead;
    this.#fails = fails;
    if (holds)
      this.#pause = new Promise((resolve) => {
        this.#goOn = resolve;
      });
  }

  /** Learns from these effects when words were spoken. */
  follow(effects: Effects): void {
    effects.watch((effect) => {
      if (effect === 'speak') this.#spoken();
    });
  }

  goOn(): void {
    this.#goOn();
  }

  async *stream({ about }: LlmRequest): AsyncGenerator<LlmChunk> {
    this.asked.push(about?.turnId ?? '');
    const { turn } = await this.#feed.state(about?.conversationId ?? '');
    let said = turn?.text.length ?? 0;
    for (const word of WORDS) {
      if (said > 0) said -= word.length;
      else {
        const spoken = new Promise<void>((resolve) => {
          this.#spoken = resolve;
        });
        yield { type: 'text', text: word };
        if (!this.#isAhead) await spoken;
      }
      await this.#pause;
    }
    if (this.#fails) throw new LlmError('TIMEOUT', 'too slow', { partial: true });
    yield { type: 'end', usage: null, finishReason: 'stop', isTruncated: false };
  }
}
