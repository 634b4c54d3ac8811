/** A piece of an answer without its thoughts. `isThinking`: whether there were thoughts in it. */
export interface Heard {
  text: string;
  isThinking: boolean;
}

/**
 * The tags around thoughts in a model's text, in this order: DeepSeek, Qwen and most others; variants of theirs; Gemini's
 * compatible API; Magistral; then Seed, Kimi, gpt-oss and Gemma 4, if their servers do not remove the tags.
 */
const TAGS = [
  { opening: '<think>', closing: '</think>' },
  { opening: '<thinking>', closing: '</thinking>' },
  { opening: '<thought>', closing: '</thought>' },
  { opening: '[THINK]', closing: '[/THINK]' },
  { opening: '<seed:think>', closing: '</seed:think>' },
  { opening: '◁think▷', closing: '◁/think▷' },
  { opening: '<|channel|>analysis<|message|>', closing: '<|channel|>final<|message|>' },
  { opening: '<|channel>thought', closing: '<channel|>' },
] as const;
const CLOSING = '</think>';

const NOTHING: Heard = { text: '', isThinking: false };
const A_THOUGHT: Heard = { text: '', isThinking: true };

/**
 * Separates the thoughts that a model writes between tags at the beginning of its text from the answer. White space around
 * the thoughts is not part of the answer.
 *
 * Some templates write the opening tag themselves, so that only the closing tag is sent (DeepSeek R1, QwQ, Qwen's thinking
 * models). `opensThinking`: this is such a model, and its text is held back until the closing tag, or to the end. For
 * another model a lone closing tag is found late: text before its piece has been passed on, text in its piece is dropped.
 */
export class Thoughts {
  #state: 'beginning' | 'thinking' | 'held' | 'speaking';
  #hadThoughts = false;
  /** The text at the beginning that may become an opening tag; in thoughts, that may become the closing tag. */
  #kept = '';
  #closing: string = CLOSING;
  readonly #held: string[] = [];
  /** Whether the answer contains an opening tag: then it is about tags. */
  #namesTags = false;
  #lastCharacter = '';
  /** Whether there was a closing tag only: then the model's next answer will also begin with thoughts. */
  foundLoneClosing = false;

  constructor(opensThinking: boolean) {
    this.#state = opensThinking ? 'held' : 'beginning';
  }

  next(text: string): Heard {
    if (this.#state === 'speaking') return this.#speak(text);
    if (this.#state === 'held') return this.#hold(text);
    this.#kept += text;
    return this.#state === 'thinking' ? this.#think() : this.#begin();
  }

  /** Call it when the server separates the thoughts itself: then its text is the answer. */
  separatedByServer(): void {
    this.#hadThoughts = true;
    if (this.#state === 'held' && this.#held.length === 0) this.#state = 'beginning';
  }

  /** Returns the kept text that is part of the answer. */
  end(): string {
    const kept = this.#state === 'thinking' ? '' : this.#kept;
    const held = this.#held.splice(0).join('');
    this.#kept = '';
    return held || kept;
  }

  /** Whether the whole text is held back, without a closing tag so far. */
  get isHeld(): boolean {
    return this.#held.length > 0;
  }

  #begin(): Heard {
    const start = this.#kept.trimStart();
    const tag = TAGS.find(({ opening }) => start.startsWith(opening));
    if (tag) {
      this.#state = 'thinking';
      this.#closing = tag.closing;
      this.#kept = start.slice(tag.opening.length);
      return this.#think();
    }
    if (TAGS.some(({ opening }) => opening.startsWith(start))) return NOTHING;
    const text = this.#hadThoughts ? start : this.#kept;
    this.#state = 'speaking';
    this.#kept = '';
    return this.#speak(text);
  }

  #think(): Heard {
    this.#hadThoughts = true;
    const end = this.#kept.indexOf(this.#closing);
    if (end < 0) {
      this.#kept = this.#kept.slice(1 - this.#closing.length);
      return A_THOUGHT;
    }
    // More thoughts or blanks may follow, as at the beginning.
    this.#state = 'beginning';
    this.#kept = this.#kept.slice(end + this.#closing.length);
    return { ...this.#begin(), isThinking: true };
  }

  #hold(text: string): Heard {
    this.#held.push(text);
    // The tag may be split. Only the end of the text is searched, as thoughts are long.
    this.#kept = (this.#kept + text).slice(-text.length - CLOSING.length);
    const isOver = this.#kept.includes(CLOSING);
    if (!isOver && this.#held.length > 4) return A_THOUGHT;
    const all = this.#held.join('');
    const isTagged = TAGS.some(({ opening }) => all.trimStart().startsWith(opening));
    if (!isOver && !isTagged) return A_THOUGHT;
    this.foundLoneClosing = isOver && !isTagged;
    this.#held.length = 0;
    this.#kept = all;
    return isTagged ? this.#begin() : this.#think();
  }

  #speak(text: string): Heard {
    const lone = this.#loneClosing(text);
    this.#namesTags ||= TAGS.some(({ opening }) => text.includes(opening));
    this.#lastCharacter = text.at(-1) ?? this.#lastCharacter;
    if (lone < 0) return { text, isThinking: false };
    this.foundLoneClosing = true;
    this.#hadThoughts = true;
    this.#state = 'beginning';
    this.#kept = text.slice(lone + CLOSING.length);
    return { ...this.#begin(), isThinking: true };
  }

  /** The position of a closing tag that ends a line and is not part of a text about tags; -1: none. */
  #loneClosing(text: string): number {
    const at = text.indexOf(CLOSING);
    if (at < 0 || this.#namesTags || this.foundLoneClosing) return -1;
    const before = text.slice(0, at).trimEnd().at(-1) ?? this.#lastCharacter;
    const isNamed = before === '`' || TAGS.some(({ opening }) => text.slice(0, at).includes(opening));
    const after = text[at + CLOSING.length];
    return isNamed || (after !== undefined && after !== '\n') ? -1 : at;
  }
}
