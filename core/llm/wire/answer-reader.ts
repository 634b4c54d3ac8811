import type { TokenUsage } from '../../domain/vocabulary.ts';
import { LlmError } from '../errors/errors.ts';
import type { BodyItem } from './body.ts';
import { type CountedTokens, newestCounts, usageOf } from './counted-tokens.ts';
import { Deltas } from './deltas.ts';
import { faultOfFinish, isTruncating } from './finish-reasons.ts';
import { type Piece, pieceIn } from './piece.ts';
import type { ThinkingModels } from './thinking-models.ts';
import { type Heard, Thoughts } from './thoughts.ts';

/** Reads one answer from the items of its body: the text, and whether more is to come. */
export class AnswerReader {
  readonly #model: string;
  readonly #thinking: ThinkingModels;
  readonly #deltas = new Deltas();
  readonly #thoughts: Thoughts;
  #finishReason: string | null = null;
  #counts: CountedTokens | null = null;
  #hasWord = false;
  #hasThoughts = false;
  #isDone = false;
  #items = 0;
  /** The number of pieces with text, and of those that also had a finish reason. */
  #texts = 0;
  #finishingTexts = 0;
  #seemsOver = false;

  constructor(model: string, thinking: ThinkingModels) {
    this.#model = model;
    this.#thinking = thinking;
    this.#thoughts = new Thoughts(thinking.opensThinking(model));
  }

  /** Why the model stopped: the last finish reason that the server sent. */
  get finishReason(): string | null {
    return this.#finishReason;
  }

  get usage(): TokenUsage | null {
    return usageOf(this.#counts);
  }

  get isTruncated(): boolean {
    return isTruncating(this.#finishReason);
  }

  /** Whether a word of the answer has arrived. */
  get hasWord(): boolean {
    return this.#hasWord;
  }

  get hasThoughts(): boolean {
    return this.#hasThoughts;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Whether the server has sent nothing at all. */
  get isEmpty(): boolean {
    return this.#items === 0;
  }

  /** Whether only token counts can still follow. False if every text has a finish reason, which then means nothing. */
  get seemsOver(): boolean {
    return this.#seemsOver;
  }

  /** Whether the answer is complete, even if the connection broke. */
  get isWhole(): boolean {
    return this.#isDone || (this.#finishReason !== null && (this.#seemsOver || this.#texts <= 1));
  }

  /** @throws {LlmError} if the item is an error object. */
  read(item: BodyItem): Heard {
    this.#items += 1;
    this.#isDone ||= item.type === 'done';
    const piece = item.type === 'json' ? pieceIn(item.value) : null;
    return piece ? this.#take(piece) : { text: '', isThinking: false };
  }

  /** The fault that the finish reason names; null if it names none. The text before it is kept. */
  get fault(): LlmError | null {
    const code = this.#finishReason === null ? null : faultOfFinish(this.#finishReason);
    return code && new LlmError(code, `the provider stopped the answer: ${this.#finishReason}`);
  }

  /** Returns the text that was held back and is part of the answer. */
  end(): string {
    const { text } = this.#thoughts.next(this.#deltas.end());
    const isHeld = this.#thoughts.isHeld;
    const rest = text + this.#thoughts.end();
    if (isHeld && rest.trim() !== '') this.#thinking.show(this.#model, false);
    return this.#noted({ text: rest, isThinking: false }).text;
  }

  #take(piece: Piece): Heard {
    if (piece.tokens) this.#counts = newestCounts(this.#counts, piece.tokens);
    this.#noteFinish(piece);
    if (piece.isThinking) this.#thoughts.separatedByServer();
    const heard = this.#thoughts.next(this.#newIn(piece));
    if (this.#thoughts.foundLoneClosing) this.#thinking.show(this.#model, true);
    return this.#noted({ text: heard.text, isThinking: heard.isThinking || piece.isThinking });
  }

  #newIn({ text, isMessage, finishReason }: Piece): string {
    const isLast = finishReason !== null;
    return isMessage ? this.#deltas.whole(text, isLast) : this.#deltas.next(text, isLast);
  }

  #noteFinish({ text, finishReason }: Piece): void {
    if (text !== '') this.#texts += 1;
    if (text !== '' && finishReason !== null) this.#finishingTexts += 1;
    this.#finishReason = finishReason ?? this.#finishReason;
    const isAlways = this.#texts > 0 && this.#finishingTexts === this.#texts;
    this.#seemsOver = this.#finishReason !== null && (text === '' || !isAlways);
  }

  #noted(heard: Heard): Heard {
    this.#hasThoughts ||= heard.isThinking;
    this.#hasWord ||= VISIBLE.test(heard.text);
    return this.#hasWord ? heard : { ...heard, text: '' };
  }
}

/** A character other than white space and invisible characters, such as a zero-width space. */
const VISIBLE = /[^\s\p{Cf}]/u;
