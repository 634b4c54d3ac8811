import { type ComponentProps, memo, useId } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { texts } from '../texts.ts';
import { CodeBlock } from './code-block.tsx';
import { cursorAtEnd, type HastElement } from './cursor-at-end.ts';
import { ownDirection } from './own-direction.ts';
import { ScrollBox } from './scroll-box.tsx';
import type { Block } from './split-blocks.ts';
import { uniqueIds } from './unique-ids.ts';

/** One block, rendered again only when its text changes. `live`: the cursor blinks at its end. */
export const MarkdownBlock = memo(
  function MarkdownBlock({ block, live }: { block: Block; live: boolean }) {
    const id = useId();
    if (block.kind === 'code') {
      return <CodeBlock text={block.text} language={block.language} live={live} />;
    }
    return (
      <ReactMarkdown
        remarkPlugins={PLUGINS}
        remarkRehypeOptions={FOOTNOTES}
        rehypePlugins={[[uniqueIds, `${id}-`], ownDirection, ...(live ? [cursorAtEnd] : [])]}
        components={COMPONENTS}
      >
        {block.text}
      </ReactMarkdown>
    );
  },
  (a, b) => a.live === b.live && a.block.text === b.block.text && a.block.kind === b.block.kind,
);

const PLUGINS = [remarkGfm];
const FOOTNOTES = { clobberPrefix: '', footnoteLabelProperties: { className: ['visually-hidden'] } };

const COMPONENTS: Components = {
  a: ({ node: _node, href, ...props }) => <OutwardLink href={href} {...props} />,
  // An answer must not make the browser load anything from elsewhere.
  img: ({ src, alt }) => <OutwardLink href={src}>{alt || texts.thread.image}</OutwardLink>,
  input: ({ node: _node, ...props }) => (
    <input {...props} aria-label={props.checked ? texts.thread.taskDone : texts.thread.taskOpen} />
  ),
  pre: ({ node }) => <CodeBlock {...codeOf(node)} live={false} />,
  table: ({ node: _node, ...props }) => (
    <ScrollBox className="table-scroll" label={texts.thread.table}>
      <table {...props} />
    </ScrollBox>
  ),
};

/** A link to somewhere else opens in another tab. react-markdown empties an address that is not safe: that one is no link. */
function OutwardLink({ href, children, ...props }: ComponentProps<'a'>) {
  if (!href) return <span>{children}</span>;
  const outward = href.startsWith('#') ? {} : { target: '_blank', rel: 'noopener noreferrer' };
  return (
    <a href={href} {...props} {...outward}>
      {children}
    </a>
  );
}

function codeOf(pre: HastElement | undefined): { text: string; language: string } {
  const code = pre?.children.find((child) => child.type === 'element');
  const classes = code?.properties.className;
  const language = Array.isArray(classes) ? String(classes[0] ?? '').replace('language-', '') : '';
  const text = code?.children.map((child) => (child.type === 'text' ? child.value : '')).join('') ?? '';
  return { text: text.replace(/\n$/, ''), language };
}
