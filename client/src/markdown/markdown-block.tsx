import { type ComponentProps, memo, type ReactNode, useId } from 'react';
import ReactMarkdown, { type Components, type ExtraProps, type Options } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { useTranslation } from '../language/language-context.tsx';
import type { Translation } from '../language/translation.ts';
import { CodeBlock } from './code-block.tsx';
import { cursorAtEnd, type HastElement } from './cursor-at-end.ts';
import { ownDirection } from './own-direction.ts';
import { ScrollBox } from './scroll-box.tsx';
import type { Block } from './split-blocks.ts';
import { uniqueIds } from './unique-ids.ts';

/** One block, rendered again only when its text changes. `live`: the cursor blinks at its end. */
export const MarkdownBlock = memo(
  function MarkdownBlock({ block, live }: { block: Block; live: boolean }) {
    const { t } = useTranslation();
    const id = useId();
    if (block.kind === 'code') {
      return <CodeBlock text={block.text} language={block.language} live={live} />;
    }
    return (
      <ReactMarkdown
        remarkPlugins={PLUGINS}
        remarkRehypeOptions={footnotesIn(t)}
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

/** `t`: what screen readers say about footnotes. */
function footnotesIn(t: Translation['t']): Options['remarkRehypeOptions'] {
  return {
    clobberPrefix: '',
    footnoteLabel: t('thread.footnotes'),
    footnoteBackLabel: (index) => t('thread.backToText', { number: index + 1 }),
    footnoteLabelProperties: { className: ['visually-hidden'] },
  };
}

const COMPONENTS: Components = {
  a: ({ node: _node, href, ...props }) => <OutwardLink href={href} {...props} />,
  // An answer must not make the browser load anything from elsewhere.
  img: Picture,
  input: Task,
  pre: ({ node }) => <CodeBlock {...codeOf(node)} live={false} />,
  table: Table,
};

function Picture({ src, alt }: ComponentProps<'img'>) {
  const { t } = useTranslation();
  return <OutwardLink href={String(src ?? '')}>{alt || t('thread.image')}</OutwardLink>;
}

function Task({ node: _node, ...props }: ComponentProps<'input'> & ExtraProps) {
  const { t } = useTranslation();
  return <input {...props} aria-label={props.checked ? t('thread.taskDone') : t('thread.taskOpen')} />;
}

function Table({ node: _node, ...props }: ComponentProps<'table'> & ExtraProps) {
  const { t } = useTranslation();
  return (
    <ScrollBox className="table-scroll" label={t('thread.table')}>
      <table {...props} />
    </ScrollBox>
  );
}

/** A link to somewhere else opens in another tab. react-markdown empties an address that is not safe: that one is no link. */
function OutwardLink({ href, children, ...props }: ComponentProps<'a'>) {
  if (!href) return <span>{children}</span>;
  const outward = href.startsWith('#') ? {} : { target: '_blank', rel: 'noopener noreferrer' };
  return (
    <a href={href} dir={isAddress(href, children) ? 'ltr' : undefined} {...props} {...outward}>
      {children}
    </a>
  );
}

/** Whether a link shows where it leads to. */
function isAddress(href: string, shown: ReactNode): boolean {
  return typeof shown === 'string' && href.endsWith(shown);
}

function codeOf(pre: HastElement | undefined): { text: string; language: string } {
  const code = pre?.children.find((child) => child.type === 'element');
  const classes = code?.properties.className;
  const language = Array.isArray(classes) ? String(classes[0] ?? '').replace('language-', '') : '';
  const text = code?.children.map((child) => (child.type === 'text' ? child.value : '')).join('') ?? '';
  return { text: text.replace(/\n$/, ''), language };
}
