/**
 * Detects Markdown code in a text that is read one code point at a time: fenced blocks (``` or ~~~, CommonMark 4.5) and
 * inline spans (CommonMark 6.1). It cannot look ahead, so an unclosed backtick counts as code until its line ends.
 */
export class CodeSpans {
  #fence: Fence | null = null;
  #span = 0;
  #run = '';
  #runLength = 0;
  #atLineHead = true;
  #lineTail: 'opening' | 'text' | 'closing' = 'text';

  /** Reads the next code point and returns whether it is code. A mark that opens or closes code counts as code. */
  read(char: string): boolean {
    if (char === this.#run) {
      this.#runLength++;
      return true;
    }
    if (this.#runLength > 0) this.#endRun();
    if (char === '`' || (char === '~' && this.#atLineHead)) {
      this.#run = char;
      this.#runLength = 1;
      return true;
    }
    if (char === '\n') this.#endLine();
    else if (!LINE_HEAD.test(char)) this.#atLineHead = false;
    if (this.#lineTail === 'closing' && !SPACE.test(char)) this.#lineTail = 'text';
    return this.#fence !== null || this.#span > 0;
  }

  /** Whether the last character is in a fenced block, with the line that closes it, but its line break. */
  get inBlock(): boolean {
    return this.#fence !== null;
  }

  #endRun(): void {
    const mark = this.#run;
    const length = this.#runLength;
    const atLineHead = this.#atLineHead;
    this.#run = '';
    this.#runLength = 0;
    this.#atLineHead = false;
    if (this.#fence !== null) this.#endRunInFence(this.#fence, mark, length, atLineHead);
    else if (this.#span > 0) this.#span = mark === '`' && length === this.#span ? 0 : this.#span;
    else if (atLineHead && length >= 3) {
      this.#fence = { mark, length };
      this.#lineTail = 'opening';
    } else if (mark === '`') this.#span = length;
  }

  #endRunInFence(fence: Fence, mark: string, length: number, atLineHead: boolean): void {
    if (this.#lineTail === 'opening') {
      // A line that opens a backtick fence has no other backtick: this one was an inline span.
      if (mark !== '`' || fence.mark !== '`') return;
      this.#fence = null;
      this.#lineTail = 'text';
      this.#span = length === fence.length ? 0 : fence.length;
    } else if (atLineHead && mark === fence.mark && length >= fence.length) this.#lineTail = 'closing';
  }

  #endLine(): void {
    if (this.#lineTail === 'closing') this.#fence = null;
    this.#span = 0;
    this.#atLineHead = true;
    this.#lineTail = 'text';
  }
}

/** The characters that may come before a fence on its line: indentation, quote marks, list markers. */
const LINE_HEAD = /[\s>\-*+\d.)]/u;
const SPACE = /\s/u;

interface Fence {
  mark: string;
  length: number;
}
