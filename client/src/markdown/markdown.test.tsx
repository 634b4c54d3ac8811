import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Markdown } from './markdown.tsx';

const html = (text: string, live = false) => renderToStaticMarkup(<Markdown text={text} live={live} />);
/** The words that are seen. */
const words = (text: string, live = false) => html(text, live).replace(/<[^>]*>/g, '');

describe('while it arrives, no mark is seen that will be none', () => {
  it.each([
    'It is **very bold** and *italic*, __so__ and _so_.',
    'Read [the manual](https://example.com/a_b) and ![a picture](https://example.com/x.png).',
    'Call `f(x)` or ~~never~~ not.',
    '- **One**: first\n- **Two**: [second](https://example.com)',
    '**[Bold link](https://example.com)** here',
    '# A *title* of `code`',
    'Bees dance[^1], and **ants**[^two] do not.\n\nWasps fight[^1].\n\n[^1]: Seen in 1920.\n\n[^two]: Never seen.',
  ])('%s', (whole) => {
    for (let length = 1; length < whole.length; length += 1) {
      const seen = words(whole.slice(0, length), true);
      expect(seen, whole.slice(0, length)).not.toMatch(/[*_~`[\]]|\(https|https:/);
    }
  });

  it('what looks like a footnote in code stays', () => {
    expect(words('Match `[^"]+` and ``a`[^b]``, said the note[^1], or', true)).toBe(
      'Match [^&quot;]+ and a`[^b], said the note, or',
    );
    expect(words('```\n[^1]: code\n```\n', true)).toContain('[^1]: code');
  });

  it('a mark of a list is not taken for one under a heading', () => {
    expect(html('four hours:\n   -', true)).not.toContain('<h');
    expect(words('four hours:\n   -', true)).toBe('four hours:');
  });

  it('marks that are text stay', () => {
    expect(words('2 * 3 is 6, and a < b', true)).toBe('2 * 3 is 6, and a &lt; b');
    expect(words('snake_case and 20~25', true)).toBe('snake_case and 20~25');
  });
});

describe('links', () => {
  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'vbscript:x',
    'data:text/html,x',
    'file:///etc/passwd',
  ])('to %s are plain text', (address) => {
    for (const text of [`[here](${address})`, `![here](${address})`]) {
      expect(html(text)).not.toContain('<a');
      expect(words(text)).toBe('here');
    }
  });

  it('to other pages open in another tab, without a referrer', () => {
    expect(html('[here](https://example.com)')).toContain(
      '<a href="https://example.com" target="_blank" rel="noopener noreferrer">here</a>',
    );
  });
});

it('ids are unique over all messages of a page, and footnotes lead to those of their message', () => {
  const text = 'One[^1] and two[^note].\n\n[^1]: First.\n\n[^note]: Second.';
  const page = renderToStaticMarkup(
    <>
      <Markdown text={text} live={false} />
      <Markdown text={text} live={false} />
    </>,
  );
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
  expect(ids.length).toBeGreaterThan(8);
  expect(new Set(ids).size).toBe(ids.length);
  const named = [...page.matchAll(/(?:href="#|aria-describedby=")([^"]+)"/g)].map((match) => match[1]);
  expect(named.length).toBeGreaterThan(8);
  for (const id of named) expect(ids).toContain(id);
});

it('each block has the direction of its words, and code runs from left to right', () => {
  const page = html('# عنوان\n\nשלום\n\n- item\n\n| a |\n|---|\n| b |\n\n```\nx\n```');
  for (const name of ['h1', 'p', 'ul', 'table']) expect(page).toMatch(new RegExp(`<${name}[^>]* dir="auto"`));
  expect(page).toContain('<div class="code-block" dir="ltr">');
});

it('tasks say whether they are done', () => {
  expect(html('- [x] a\n- [ ] b')).toMatch(/aria-label="Done".*aria-label="To do"/s);
});
