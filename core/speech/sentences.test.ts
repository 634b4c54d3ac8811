import { describe, expect, it } from 'vitest';
import { leastCpuMs } from '../../test/support/cpu-time.ts';
import { completedLength } from './sentences.ts';

/** A `‖` in each text marks the end of its last complete sentence; no mark: none is complete. */
function check(marked: string): void {
  const text = marked.replace('‖', '');
  const end = Math.max(0, marked.indexOf('‖'));
  expect(`${text.slice(0, completedLength(text))}‖${text.slice(completedLength(text))}`).toBe(
    `${text.slice(0, end)}‖${text.slice(end)}`,
  );
}

describe('a sentence ends', () => {
  it.each([
    'One. Two!‖ Three',
    'Really?‖',
    'He said "No."‖ Then he',
    'It is **important.**‖ So',
    '(Like this.)‖ And',
    'What?!‖ He',
    'It is so.[1]‖ And',
    'The answer is 42.‖',
    'We met at 5 p.m.‖',
    'Bread, milk, etc.‖ Then he',
    'You and I.‖ We',
    'No.‖ I would',
    'Great! 🎉‖',
    'Great! 👍🏽 🇮🇳‖',
    'Great!‖ 🎉 Next',
    'Wait...‖ What',
    '¿Qué?‖ ¡Hola',
  ])('%j', check);
});

describe('a sentence ends in other scripts', () => {
  it.each([
    '今天下雨。‖我们',
    '真的吗？！‖我',
    '他说：“走吧。”‖然后',
    '本当?‖はい',
    'यह घर है।‖ वह',
    'श्लोक॥‖ अब',
    'هل أنت هنا؟‖ نعم',
    'یہ گھر ہے۔‖ وہ',
    'Բարեւ։‖ Ինչ',
  ])('%j', check);

  it('not at a Japanese quotation in a sentence that continues', () => check('彼は「行く。」と言っ'));
});

describe('a sentence does not end', () => {
  it.each([
    'Pi is 3.14 and 1.5',
    'Fine.‖ See example.com/a.b?c=1!x and',
    'Fine.‖ Open main.ts, then v1.2.3 of',
    'Fine.‖ Dr. Who and Mrs. Smith',
    'Fine.‖ Ask Dr.',
    'Fine.‖ Some, e.g. Paris, i.e. France',
    'Fine.‖ J. R. R. Tolkien wrote',
    'Fine.‖ The U.S. Army',
    'Fine.‖ See No. 5 and fig. 3',
    'Fine.‖ Das ist z. B. Wien, d. h. Stadt',
    'Fine.‖ At 5 p.m. we',
    'Fine.‖ "Stop!" he said',
    'Fine.‖ Well... maybe',
    'Fine.‖ I thought…',
    'Fine.‖ I thought...',
    'Fine.‖ Use `a. B` and `x! Y',
  ])('%j', check);
});

describe('Markdown', () => {
  it.each([
    '# Title\n‖Then',
    'Steps:\n1. Mix\n‖2. Bake the',
    'Steps:\n‖1.',
    'Steps:\n‖- ',
    'Steps:\n**1.‖** Mix'.replace('‖', '').replace('\n', '\n‖'),
    'Above\n\n---\n‖\nBelow',
    'Code:\n‖```ts\nconst a = 1. Then\n',
    'Code:\n```ts\na. B\n```‖',
    'Code:\n```ts\na. B\n```\n‖That was',
    'Code:\n‖~~~\na\n```\nb',
    'Code:\n‖````md\n```\na\n```\nb',
    '- item\n‖  ```sh\n  ls. Then',
    'Use `code.`‖'.replace('‖', ''),
  ])('%j', check);
});

it('the time is linear in the length', () => {
  const ms = leastCpuMs(() => {
    for (const piece of ['. ', '.', ' ', '`', '` ``', '\n', '- ', '"', '👍', 'a. ', '```\n', '1. ', '…'])
      completedLength(`Go.${piece.repeat(50_000)}x`);
  }, 2_000);
  expect(ms).toBeLessThan(2_000);
});
