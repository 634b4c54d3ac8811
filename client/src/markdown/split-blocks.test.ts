import { describe, expect, it } from 'vitest';
import { hasDefinitions, splitBlocks } from './split-blocks.ts';

const texts = (markdown: string) => splitBlocks(markdown).map((block) => block.text);

describe('blocks', () => {
  it('end at blank lines', () => {
    expect(texts('# Title\n\nOne\ntwo.\n\n\nThree.')).toEqual(['# Title', 'One\ntwo.', 'Three.']);
  });

  it('keep a list whole, loose items and nested paragraphs included', () => {
    const list = '1. one\n\n2. two\n   - inner\n\n   more of two\n\n3. three';
    expect(texts(`${list}\n\nAfter.`)).toEqual([list, 'After.']);
  });

  it('are code from an opening fence to its closing one, blank lines included', () => {
    expect(splitBlocks('Look:\n```ts\na\n\nb\n```\nDone.')).toEqual([
      { kind: 'text', text: 'Look:' },
      { kind: 'code', language: 'ts', text: 'a\n\nb' },
      { kind: 'text', text: 'Done.' },
    ]);
  });

  it('are code to the end while the fence is open', () => {
    expect(splitBlocks('```py\nx = 1\n')).toEqual([{ kind: 'code', language: 'py', text: 'x = 1\n' }]);
  });

  it('are not closed by a shorter fence, another mark, or a fence with words', () => {
    expect(splitBlocks('````md\n```\n~~~~\n```` no\n````')).toEqual([
      { kind: 'code', language: 'md', text: '```\n~~~~\n```` no' },
    ]);
  });

  it('keep a fence inside a list item in the list', () => {
    const list = '- see\n\n  ```sh\n  ls\n\n  pwd\n  ```\n\n- next';
    expect(splitBlocks(list)).toEqual([{ kind: 'text', text: list }]);
  });

  it('leave the list for a fence at the margin', () => {
    expect(splitBlocks('- see\n```sh\nls\n```').map((it) => it.kind)).toEqual(['text', 'code']);
  });

  it('are none in an empty text', () => {
    expect(splitBlocks('')).toEqual([]);
    expect(splitBlocks('\n\n')).toEqual([]);
  });

  it('that are complete stay the same while text is added', () => {
    const whole = '# A\n\nB **b**.\n\n```js\nf()\n\ng()\n```\n\n| x |\n|---|\n| 1 |\n\nThe end, at last.';
    let before: string[] = [];
    for (let length = 1; length <= whole.length; length += 1) {
      const now = texts(whole.slice(0, length));
      expect(now.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
      before = now;
    }
    expect(before).toHaveLength(5);
  });
});

it('definitions of links and footnotes are noticed', () => {
  expect(hasDefinitions('See [a][1].\n\n[1]: https://example.com')).toBe(true);
  expect(hasDefinitions('Text[^1]\n\n[^1]: note')).toBe(true);
  expect(hasDefinitions('An [inline](x) link: fine')).toBe(false);
});
