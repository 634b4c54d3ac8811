import { describe, expect, it } from 'vitest';
import { answerTo } from './answer.ts';

const answer = (content: string) => answerTo([{ role: 'user', content }]);

describe('the demo model', () => {
  it.each(['Hi!', 'hello there', 'Good morning'])('answers a greeting with a greeting: %s', (text) => {
    expect(answer(text)).toMatch(/^Hello! I'm TaskFlow's \*\*demo model\*\*/);
  });

  it.each(['help', 'What can you do?', 'Who are you?', 'Where does the API key go?'])(
    'says what it can do and how to set a key: %s',
    (text) => {
      expect(answer(text)).toMatch(/\*\*Count to 100\*\*[\s\S]*OPENROUTER_API_KEY=… npm start/);
    },
  );

  it.each([
    ['List things to try', 10],
    ['Give me 3 ideas', 3],
    ['A list of 0 tips', 1],
    ['A list of 99 steps', 10],
  ])('has a numbered list of the requested number of items, up to all of its items: %s', (text, items) => {
    expect(answer(text).match(/^\d+\. .+$/gm)).toHaveLength(items);
  });

  it.each([
    ['Show me code', 'javascript', 'Fizz'],
    ['Write fizzbuzz in Python', 'python', 'Fizz'],
    ['Fibonacci in JavaScript, please', 'javascript', 'function* fibonacci'],
    ['Write a Python function to reverse a string', 'python', 'def reverse'],
    ['I need a SQL query', 'sql', 'SELECT'],
    ['Write a script in Rust', 'javascript', 'Fizz'],
  ])('has a sample of code in a fence that names its language: %s', (text, language, code) => {
    expect(
      answer(text)
        .match(/^```(\w+)\n([^`]+)\n```$/m)
        ?.slice(1),
    ).toEqual([language, expect.stringContaining(code)]);
  });

  it('has a Markdown table whose rows all have the columns of its head', () => {
    const rows = answer('Make a table').match(/^\|.*\|$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(5);
    expect(new Set(rows.map((row) => row.split('|').length)).size).toBe(1);
  });

  it.each([
    ['count to 5', '1, 2, 3, 4, 5.'],
    ['Please count up to 0', '1.'],
  ])('counts: %s', (text, counted) => {
    expect(answer(text)).toBe(counted);
  });

  it('counts no further than to 1,000', () => {
    const counted = answer('Count to 1,000');
    expect(counted).toMatch(/ 999, 1000\.$/);
    expect(answer('Count to 9,999,999')).toBe(`${counted}\n\nThat is as far as I count.`);
  });

  it.each(['Why is the sky blue?', 'Translate this', '👍', '', '\n', '`'.repeat(32_000), '$& {text}'])(
    'answers everything else with the fact that it is a demo and how to set a key: %s',
    (text) => {
      const reply = answer(text);
      expect(reply).toMatch(/\*\*demo model\*\*[\s\S]*OPENROUTER_API_KEY=… npm start/);
      expect(reply.length).toBeLessThan(500);
    },
  );

  it('quotes what it cannot answer, on one line and shortened between characters', () => {
    expect(answer('Why is\nthe sky $& blue?')).toContain('> Why is the sky $& blue?\n\n');
    expect(answer('👍'.repeat(81))).toContain(`> ${'👍'.repeat(80)}…\n\n`);
  });

  it('answers the newest message of the user', () => {
    expect(
      answerTo([
        { role: 'system', content: 'Write code.' },
        { role: 'user', content: 'help' },
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: 'Count to 2' },
      ]),
    ).toBe('1, 2.');
  });

  it('greets if there is no message of a user', () => {
    expect(answerTo([{ role: 'system', content: 'Greet the user.' }])).toMatch(/^Hello!/);
  });
});
