import { memo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { texts } from '../texts.ts';
import { CodeBlock } from './code-block.tsx';
import { cursorAtEnd, type HastElement } from './cursor-at-end.ts';
import type { Block } from './split-blocks.ts';

/** One block, rendered again only when its text changes. `live`: the cursor blinks at its end. */
export const MarkdownBlock = memo(
  function MarkdownBlock({ block, live }: { block: Block; live: boolean }) {
    if (block.kind === 'code') {
      return <CodeBlock text={block.text} language={block.language} live={live} />;
    }
    return (
      <ReactMarkdown
        remarkPlugins={PLUGINS}
        rehypePlugins={live ? LIVE_PLUGINS : NO_PLUGINS}
        components={COMPONENTS}
      >
        {block.text}
      </ReactMarkdown>
    );
  },
  (a, b) => a.live === b.live && a.block.text === b.block.text && a.block.kind === b.block.kind,
);

const PLUGINS = [remarkGfm];
const LIVE_PLUGINS = [cursorAtEnd];
const NO_PLUGINS: [] = [];

const COMPONENTS: Components = {
  a: ({ node: _node, href, ...props }) =>
    href?.startsWith('#') ? (
      <a href={href} {...props} />
    ) : (
      <a href={href} {...props} target="_blank" rel="noopener noreferrer" />
    ),
  // An answer must not make the browser load anything from elsewhere.
  img: ({ src, alt }) => (
    <a href={src} target="_blank" rel="noopener noreferrer">
      {alt || texts.thread.image}
    </a>
  ),
  pre: ({ node }) => <CodeBlock {...codeOf(node)} live={false} />,
  table: ({ node: _node, ...props }) => (
    <div className="table-scroll">
      <table {...props} />
    </div>
  ),
};

function codeOf(pre: HastElement | undefined): { text: string; language: string } {
  const code = pre?.children.find((child) => child.type === 'element');
  const classes = code?.properties.className;
  const language = Array.isArray(classes) ? String(classes[0] ?? '').replace('language-', '') : '';
  const text = code?.children.map((child) => (child.type === 'text' ? child.value : '')).join('') ?? '';
  return { text: text.replace(/\n$/, ''), language };
}
