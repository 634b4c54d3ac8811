/**
 * Follows Markdown code through a text that is read one code point at a time: fenced blocks (``` or ~~~, CommonMark 4.5) and
 * inline spans (CommonMark 6.1). It cannot look ahead, so a back-tick that is never closed counts as code until its line ends.
 */
export class CodeSpans {
  #fence: Fence | null = null;
  #span = 0;
  #run = '';
  #runLength = 0;
  #atLineHead = true;
  #lineTail: 'opening' | 'text' | 'closing' = 'text';

  /** Reads the next code point and says whether it is code. A mark that opens or closes code counts as code. */
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
      // The line that opens a back-tick fence holds no other back-tick: it was an inline span after all.
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

/** What may stand before a fence on its line: indentation, quote marks, list markers. */
const LINE_HEAD = /[\s>\-*+\d.)]/u;
const SPACE = /\s/u;

interface Fence {
  mark: string;
  length: number;
}
