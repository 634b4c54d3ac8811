import { memo, useMemo } from 'react';
import { withoutDanglingMark } from './dangling-mark.ts';
import { MarkdownBlock } from './markdown-block.tsx';
import { hasDefinitions, splitBlocks } from './split-blocks.ts';
import './markdown.css';

/** An answer. While `live`, it is cheap to render after each piece of text: only its last block is parsed again. */
export const Markdown = memo(function Markdown({ text, live }: { text: string; live: boolean }) {
  const blocks = useMemo(
    () =>
      !live && hasDefinitions(text)
        ? [{ kind: 'text' as const, text }]
        : splitBlocks(withoutDanglingMark(text)),
    [text, live],
  );
  return (
    <div className="markdown">
      {blocks.map((block, index) => (
        <MarkdownBlock key={keyOf(index)} block={block} live={live && index === blocks.length - 1} />
      ))}
    </div>
  );
});

/** Blocks are added only at the end, so their position identifies them. */
function keyOf(index: number): string {
  return `block-${index}`;
}
