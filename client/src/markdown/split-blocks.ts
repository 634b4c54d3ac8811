/** A piece of Markdown that can be rendered separately. `code` is one fenced block, without its fences. */
export type Block = { kind: 'text'; text: string } | { kind: 'code'; language: string; text: string };

/**
 * Splits Markdown into blocks, so that text added at the end changes (nearly always) only the last block: a renderer that
 * memoizes each block parses little. Lists stay whole, including blank lines within them. A fence that is still open runs
 * to the end (CommonMark 4.5).
 */
export function splitBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let inList = false;
  let blank = false;
  let fence: Fence | null = null;

  const flush = () => {
    const text = lines.join('\n').replace(/\s+$/, '');
    if (text !== '') blocks.push({ kind: 'text', text });
    lines = [];
    inList = false;
  };

  for (const line of markdown.split('\n')) {
    if (fence) {
      if (closes(fence, line)) {
        if (fence.alone) {
          blocks.push(codeBlock(fence, lines));
          lines = [];
        } else lines.push(line);
        fence = null;
        blank = false;
      } else lines.push(fence.alone ? outdent(line, fence.indent) : line);
      continue;
    }
    if (line.trim() === '') {
      lines.push(line);
      blank = true;
      continue;
    }
    const opening = opens(line);
    const continuesList = inList && (/^(\t| {2,})/.test(line) || (LIST_ITEM.test(line) && !opening));
    if (blank && !continuesList) flush();
    blank = false;
    if (opening && !(inList && opening.indent >= 2)) {
      flush();
      fence = { ...opening, alone: true };
      continue;
    }
    if (opening) fence = { ...opening, alone: false };
    if (lines.length === 0) inList = LIST_ITEM.test(line);
    lines.push(line);
  }
  if (fence?.alone) blocks.push(codeBlock(fence, lines));
  else flush();
  return blocks;
}

/** Definitions (of links, of footnotes) apply across blocks: Markdown that has them must be rendered as a whole. */
export function hasDefinitions(markdown: string): boolean {
  return /^ {0,3}\[[^\]\n]+\]:/m.test(markdown);
}

interface Fence {
  mark: string;
  length: number;
  indent: number;
  language: string;
  /** Whether it is not inside a list, and so a block of its own. */
  alone: boolean;
}

const LIST_ITEM = /^ {0,3}([-*+]|\d{1,9}[.)])(\s|$)/;

function opens(line: string): Omit<Fence, 'alone'> | null {
  const match = /^( *)(`{3,}|~{3,})\s*([^\s`]*)([^`]*)$/.exec(line);
  if (!match) return null;
  const [, indent = '', marks = '', language = ''] = match;
  return { mark: marks.charAt(0), length: marks.length, indent: indent.length, language };
}

function closes(fence: Fence, line: string): boolean {
  const text = line.trim();
  return text.length >= fence.length && text === fence.mark.repeat(text.length);
}

function codeBlock(fence: Fence, lines: string[]): Block {
  return { kind: 'code', language: fence.language, text: lines.join('\n') };
}

function outdent(line: string, indent: number): string {
  const spaces = /^ */.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(spaces, indent));
}
