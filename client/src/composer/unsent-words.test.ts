import { describe, expect, test } from 'vitest';
import { UnsentWords } from './unsent-words.ts';

describe('words on the start page', () => {
  test('wait in the order in which they are sent, beside what is written meanwhile', () => {
    const words = new UnsentWords('One').send('One').write('Two').send('Two').write('Thr');
    expect(words.waiting.map(({ text }) => text)).toEqual(['One', 'Two']);
    expect([words.text, words.draft]).toEqual(['Thr', 'One\nTwo\nThr']);
  });

  test('are all back in the box after a failure', () => {
    const { text, waiting } = new UnsentWords('One').send('One').write('Tw').putBack();
    expect([text, waiting]).toEqual(['One\nTw', []]);
  });

  test('of an example leave the box as it is', () => {
    const words = new UnsentWords('mine').send('Explain');
    expect([words.waiting, words.text]).toEqual([[{ place: 0, text: 'Explain' }], 'mine']);
  });
});
