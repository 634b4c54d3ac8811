import type { ChatMessage } from '@taskflow/demo-model';
import { describe, expect, it } from 'vitest';
import { cpuMs } from '../../../test/support/cpu-time.ts';
import { promptFor, type SaidMessage } from '../../prompt/prompt.ts';
import { demoAnswer } from './demo-answer.ts';

const SYSTEM: ChatMessage = { role: 'system', content: 'You are a friendly voice. Keep it short.' };

function asked(content: string, ...before: ChatMessage[]): ChatMessage[] {
  return [SYSTEM, ...before, { role: 'user', content }];
}

function answer(content: string, ...before: ChatMessage[]): string {
  return demoAnswer(asked(content, ...before));
}

describe('the demo model', () => {
  it('answers the same messages the same, and other messages otherwise', () => {
    expect(answer('What is love?')).toBe(answer('What is love?'));
    const openings = ['What is love?', 'What is time?', 'What is jazz?', 'What is rust?', 'What is tea?'].map(
      (text) => answer(text).slice(0, 12),
    );
    expect(new Set(openings).size).toBeGreaterThan(1);
  });

  it.each([
    ['an answer', 'Explain photosynthesis'],
    ['a greeting', 'hello'],
    ['a sum', '2+3*4'],
    ['Spanish', '¿Cómo estás?'],
    ['Hindi', 'भारत के बारे में बताइए'],
    ['Japanese', '日本の歴史について教えて'],
  ])('says at the end of %s, and only once, that it is a demo and how to set a key', (_, text) => {
    const lines = answer(text).trim().split('\n');
    expect(lines.at(-1)).toMatch(/demo|Demo|démo|डेमो|デモ/);
    expect(lines.at(-1)).toContain('OPENROUTER_API_KEY=… npm start');
    expect(lines.filter((line) => line.includes('OPENROUTER_API_KEY'))).toHaveLength(1);
  });

  it.each([
    ['Explain black holes please', /black holes/i],
    ['How do I bake sourdough bread?', /bake sourdough bread/],
    ['Tell me a story about a dragon', /a dragon/],
    ["What's the difference between REST and GraphQL?", /\| \*\*REST\*\* \| \*\*GraphQL\*\* \|/],
    ['Is React or Vue better?', /React or Vue\?/],
    ['Plan a trip to Japan', /Trip to Japan/],
    ['write an email to my landlord about the heating', /I'm writing about the heating/],
    ['Why is the sky blue?', /Why is the sky blue|blue/],
    ['who are you?', /demo/],
    ['I feel stressed about my exams', /sorry/],
    ['Write a haiku about rain', /> .*rain/],
    ['Write a python function to reverse a string', /```python\ndef reverse/],
    ['Write fizzbuzz code in typescript', /```typescript[\s\S]*Fizz/],
    ['Show me a SQL query', /```sql\nSELECT/],
    ['Review this: ```ts\nconst x: any = 1;\n```', /1 line.* of ts[\s\S]*`any`/],
    ['translate good morning to Spanish', /Buenos días/],
    ['How do you say thank you in Japanese?', /ありがとうございます/],
    ['Translate onomatopoeia to Hindi', /phrasebook/],
    ['count to 5', /1, 2, 3, 4, 5\./],
    [
      '¿Cómo puedo aprender a tocar la guitarra?',
      /guitarra[\s\S]*(?:Vamos|Buena pregunta)|(?:Me preguntas|Buena pregunta)/,
    ],
    ['Erkläre mir bitte Quantencomputer', /Quantencomputer[\s\S]*(?:Womit|Erzähl)/],
    ['Bonjour, comment ça va ?', /Ravi/],
    ['नमस्ते', /नमस्ते!/],
    ['日本語で話せますか', /「日本語で話せますか」/],
    ['Tell me about tea in Spanish', /tea in Spanish/],
    ['Los Angeles', /Los Angeles/],
    ['That was late and mit is a university', /university/],
  ])('reacts to %s', (text, expected) => {
    expect(answer(text)).toMatch(expected);
  });

  it.each([
    ['2+3*4', '2 + 3 × 4 = 14'],
    ['What is (2 + 3) * 4?', '(2 + 3) × 4 = 20'],
    ['calculate 2^3^2', '2 ^ 3 ^ 2 = 512'],
    ['what is 7 - -2', '= 9'],
    ['15% of 80', '= 12'],
    ['how much is 1,250 times 4', '1250 × 4 = 5,000'],
    ['0.1 + 0.2', '= 0.3'],
    ['10 / 4', '= 2.5'],
    ['12 x 12', '12 × 12 = 144'],
    ['5 / (3 - 3)', 'divides by zero'],
  ])('works out %s', (text, expected) => {
    expect(answer(text)).toContain(expected);
  });

  it.each([
    'I was there on 2024-05-06 with friends',
    'Write 3-4 sentences about trees',
    'We won 3-1 in the last minute yesterday',
  ])('does not take a date, a range or a score for a sum: %s', (text) => {
    expect(answer(text)).not.toMatch(/\*\*.* = .*\*\*/);
  });

  it.each([3, 7, 12])('gives as many items as were asked for: %i', (count) => {
    expect(answer(`Give me ${count} ideas for a party`).match(/^\d+\. /gm)).toHaveLength(count);
  });

  it('summarises a text with its own sentences', () => {
    const text =
      'Rivers carry sediment to the sea. It was a Tuesday. Sediment from rivers builds deltas. Deltas feed many people. Someone laughed.';
    const summary = answer(`Summarize this: ${text}`);
    expect(summary).toContain('in 5 sentences');
    expect(summary.match(/^- .+/gm)?.every((point) => text.includes(point.slice(2)))).toBe(true);
  });

  it.each([
    'a',
    '42',
    '👍',
    '???',
    'x'.repeat(32_000),
    '('.repeat(5_000),
    '1+'.repeat(5_000),
    'this or that, '.repeat(2_000),
    `Summarize: ${'A sentence of some words. '.repeat(1_200)}`,
    '{topic} $& $1',
    '<script>alert(1)</script>',
  ])('has an answer to anything, quickly', (text) => {
    const ms = cpuMs(() => expect(answer(text).length).toBeGreaterThan(20));
    expect(ms).toBeLessThan(1_000);
  });
});

describe('the demo model, asked to speak first', () => {
  it('greets shortly and says that it is a demo', () => {
    const greeting = demoAnswer([SYSTEM]);
    expect(greeting).toMatch(/demo/);
    expect(greeting).toContain('OPENROUTER_API_KEY=… npm start');
    expect(greeting.split(/\s+/).length).toBeLessThan(60);
  });
});

describe('the demo model, interrupted', () => {
  const cut: ChatMessage = { role: 'assistant', content: 'Black holes are' };
  const messages = [...asked('Explain black holes'), cut, { role: 'user', content: 'No, white ones' }];
  const CONTEXT = '[INTERRUPTION CONTEXT] You were speaking but the user interrupted you.';
  const SWITCHED = /^(?:Sure — let me switch|Of course, let me leave|Good that you cut in|Right, I hear you)/;

  it('owns up to the change and answers the interruption', () => {
    const told = { ...SYSTEM, content: `${SYSTEM.content}\n\n${CONTEXT}\nMore.` };
    const answered = demoAnswer([told, ...messages.slice(1)]);
    expect(answered).toMatch(SWITCHED);
    expect(answered).toMatch(/white/);
  });

  it('takes no word of the user for the context of an interruption', () => {
    expect(demoAnswer([...messages, cut, { role: 'user', content: CONTEXT }])).not.toMatch(SWITCHED);
  });
});

describe('the demo model, told what it has said already', () => {
  const messages = asked('Explain black holes');
  const whole = demoAnswer(messages);
  const spoken = whole.slice(0, 97);

  it('goes on from exactly there', () => {
    expect(spoken + demoAnswer([...messages, { role: 'assistant', content: spoken }])).toBe(whole);
  });

  it('brings what is not its own to an end', () => {
    const ending = demoAnswer([...messages, { role: 'assistant', content: 'Something else entirely' }]);
    expect(ending).toMatch(/^ … /);
  });

  it('takes a cut answer up when the user asks it to go on', () => {
    const answered = demoAnswer([
      ...messages,
      { role: 'assistant', content: spoken },
      { role: 'user', content: 'please continue' },
    ]);
    expect(answered.endsWith(whole.slice(-60))).toBe(true);
    expect(answered).not.toContain(spoken);
  });
});

describe("the demo model understands the service's own instructions", () => {
  const question: SaidMessage = { role: 'USER', content: 'Explain black holes', status: 'COMPLETED' };
  const asking = { cause: 'USER_MESSAGE', spoken: '' } as const;

  it('to greet, and to go on with a greeting', () => {
    const greeting = demoAnswer(promptFor({ cause: 'GREETING', spoken: '' }, []));
    expect(greeting).toMatch(/demo/);
    const spoken = greeting.slice(0, 31);
    expect(spoken + demoAnswer(promptFor({ cause: 'GREETING', spoken }, []))).toBe(greeting);
  });

  it('to answer after a greeting, and to go on with that when asked to', () => {
    const greeting = demoAnswer(promptFor({ cause: 'GREETING', spoken: '' }, []));
    const cut: SaidMessage = { role: 'ASSISTANT', content: greeting.slice(0, 31), status: 'INTERRUPTED' };
    expect(demoAnswer(promptFor(asking, [cut, question]))).toMatch(/black holes/i);
    const goOn: SaidMessage = { ...question, content: 'go on' };
    expect(demoAnswer(promptFor(asking, [cut, goOn])).endsWith(greeting.slice(-60))).toBe(true);
  });

  it('to go on with an answer, and to say nothing when it was whole', () => {
    const whole = demoAnswer(promptFor(asking, [question]));
    const spoken = whole.slice(0, 43);
    expect(spoken + demoAnswer(promptFor({ ...asking, spoken }, [question]))).toBe(whole);
    expect(demoAnswer(promptFor({ ...asking, spoken: whole }, [question]))).toBe('');
  });

  it('to go on with the answer to an interruption', () => {
    const cut: SaidMessage = { role: 'ASSISTANT', content: 'White holes', status: 'INTERRUPTED' };
    const history = [{ ...question, content: 'Hi' }, cut, question];
    const whole = demoAnswer(promptFor(asking, history));
    const spoken = whole.slice(0, 43);
    expect(spoken + demoAnswer(promptFor({ ...asking, spoken }, history))).toBe(whole);
  });

  it('to take an interruption up, and to return to what was cut off when asked to', () => {
    const whole = demoAnswer(promptFor(asking, [question]));
    const cut: SaidMessage = { role: 'ASSISTANT', content: whole.slice(0, 43), status: 'INTERRUPTED' };
    const say = (content: string): SaidMessage => ({ role: 'USER', content, status: 'COMPLETED' });
    const switched = demoAnswer(promptFor(asking, [question, cut, say('wait, what is 2+3*4?')]));
    expect(switched).toContain('2 + 3 × 4 = 14');
    expect(switched).not.toMatch(/^\*\*2/);
    expect(demoAnswer(promptFor(asking, [question, cut, say('go on')])).endsWith(whole.slice(-80))).toBe(
      true,
    );
  });
});
