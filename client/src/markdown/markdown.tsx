import { memo, useMemo } from 'react';
import { closeMarks, withoutFootnotes } from './close-marks.ts';
import { MarkdownBlock } from './markdown-block.tsx';
import { type Block, hasDefinitions, splitBlocks } from './split-blocks.ts';
import './markdown.css';

/** Something that stands in a text where `offset` UTF-16 code units of it had been spoken. `label`: for screen readers. */
export interface Mark {
  id: string;
  offset: number;
  text: string;
  label: string;
}

/** An answer. While `live`, it is cheap to render after each piece of text: only its last block is parsed again. */
export const Markdown = memo(function Markdown({
  text,
  live,
  marks = NONE,
}: {
  text: string;
  live: boolean;
  marks?: readonly Mark[] | undefined;
}) {
  const blocks = useMemo(() => (live ? blocksToShow(text) : wholeBlocks(text)), [text, live]);
  return (
    <div className="markdown">
      {blocks.map((block, index) => [
        <MarkdownBlock key={keyOf(index)} block={block} live={live && index === blocks.length - 1} />,
        ...marks
          .filter(({ offset }) => index === blockAt(text, offset, blocks.length))
          .map((mark) => (
            <p key={mark.id} className="markdown-mark" data-testid="acknowledgement">
              <span className="visually-hidden">{mark.label}</span>
              <span aria-hidden="true" dir="auto">
                {mark.text}
              </span>
            </p>
          )),
      ])}
    </div>
  );
});

const NONE: readonly Mark[] = [];

/** The block of `count` in which a text has this offset; the first one for a place before it. */
function blockAt(text: string, offset: number, count: number): number {
  return Math.min(Math.max(splitBlocks(text.slice(0, offset)).length, 1), count) - 1;
}

function wholeBlocks(text: string): Block[] {
  return hasDefinitions(text) ? [{ kind: 'text', text }] : splitBlocks(text);
}

function blocksToShow(text: string): Block[] {
  const blocks = splitBlocks(text).map((block) =>
    block.kind === 'text' ? { ...block, text: withoutFootnotes(block.text) } : block,
  );
  const last = blocks.at(-1);
  if (last?.kind !== 'text') return blocks;
  const shown = closeMarks(last.text);
  return [...blocks.slice(0, -1), ...(shown === '' ? [] : [{ ...last, text: shown }])];
}

/** Blocks are added only at the end, so their position identifies them. */
function keyOf(index: number): string {
  return `block-${index}`;
}
