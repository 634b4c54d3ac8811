/** What a piece of an answer is made of, once the thoughts are apart from it. */
export interface Heard {
  text: string;
  isThinking: boolean;
}

/**
 * How models mark thoughts amid their text: DeepSeek, Qwen and most others; some of theirs; Gemini's door; Magistral; then Seed,
 * Kimi, gpt-oss and Gemma 4, where their servers leave that in.
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
 * Parts what a model thinks aloud at the beginning of its text, between tags, from the answer. White space around
 * thoughts is no part of the answer.
 *
 * Some templates write the opening tag themselves, so that only the closing one comes (DeepSeek R1, QwQ, Qwen's thinking
 * models). `opensThinking`: such a model; its text is held back until the closing tag, or to its end. Of another model such a tag
 * is found late: what was passed on by then stays, what comes with it is dropped.
 */
export class Thoughts {
  #state: 'beginning' | 'thinking' | 'held' | 'speaking';
  #hadThoughts = false;
  /** Of the beginning, what may become a tag; of thoughts, what may become their closing tag. */
  #kept = '';
  #closing: string = CLOSING;
  readonly #held: string[] = [];
  /** Whether what was said names an opening tag: then the model speaks about tags. */
  #namesTags = false;
  #lastCharacter = '';
  /** Whether only a closing tag came: then the model's next answer will begin with thoughts, too. */
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

  /** The server parts the thoughts itself: its text is the answer. */
  partedElsewhere(): void {
    this.#hadThoughts = true;
    if (this.#state === 'held' && this.#held.length === 0) this.#state = 'beginning';
  }

  /** What was kept and turned out to be the answer. */
  end(): string {
    const kept = this.#state === 'thinking' ? '' : this.#kept;
    const held = this.#held.splice(0).join('');
    this.#kept = '';
    return held || kept;
  }

  /** Whether all of the text is held back, and no closing tag has come. */
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
    // There may be more thoughts, or blanks still to come: it is the beginning again.
    this.#state = 'beginning';
    this.#kept = this.#kept.slice(end + this.#closing.length);
    return { ...this.#begin(), isThinking: true };
  }

  #hold(text: string): Heard {
    this.#held.push(text);
    // The tag may be split; only where it can end is looked for it, as thoughts are long.
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

  /** Where a closing tag stands in a line of its own, and is not spoken about; -1: nowhere. */
  #loneClosing(text: string): number {
    const at = text.indexOf(CLOSING);
    if (at < 0 || this.#namesTags || this.foundLoneClosing) return -1;
    const before = text.slice(0, at).trimEnd().at(-1) ?? this.#lastCharacter;
    const isNamed = before === '`' || TAGS.some(({ opening }) => text.slice(0, at).includes(opening));
    const after = text[at + CLOSING.length];
    return isNamed || (after !== undefined && after !== '\n') ? -1 : at;
  }
}
