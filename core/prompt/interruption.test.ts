import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeInterruption, interruptionContext, QUOTED_UNITS } from './interruption.ts';

/** Any UTF-16, with lone surrogates and unassigned code points. */
const anyText = (maxLength: number) =>
  fc.array(fc.nat(0x10ffff), { maxLength }).map((points) => String.fromCodePoint(...points));

const FIRST = '[INTERRUPTION CONTEXT] You were speaking but the user interrupted you.';
const LAST =
  "Answer the user's interruption, continuing or adjusting naturally without repeating what you already said.";

describe('analysis', () => {
  it('splits complete sentences from the one that was cut off', () => {
    expect(analyzeInterruption('The sky is blue. Grass is green! But the sea ')).toEqual({
      completed: 'The sky is blue. Grass is green!',
      unfinished: 'But the sea',
    });
    expect(analyzeInterruption('One moment')).toEqual({ completed: '', unfinished: 'One moment' });
    expect(analyzeInterruption('All said. ')).toEqual({ completed: 'All said.', unfinished: '' });
    expect(analyzeInterruption(' \n')).toEqual({ completed: '', unfinished: '' });
  });

  it('loses only white space, for any text', () => {
    const prose = fc.string({
      unit: fc.constantFrom(
        'Word',
        'word',
        ' ',
        '\n',
        '.',
        '!',
        '?',
        '…',
        '。',
        '।',
        '`',
        '```',
        '"',
        ')',
        '1',
        '- ',
        'Dr',
        '👍',
        '\u0301',
      ),
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.oneof(prose, anyText(100)), (spoken) => {
        const { completed, unfinished } = analyzeInterruption(spoken);
        const whole = spoken.trim();
        expect(whole.startsWith(completed)).toBe(true);
        expect(whole.endsWith(unfinished)).toBe(true);
        expect(whole.slice(completed.length, whole.length - unfinished.length).trim()).toBe('');
        expect(completed.length + unfinished.length).toBeLessThanOrEqual(whole.length);
      }),
    );
  });
});

describe('context', () => {
  it("states the complete sentences, the unfinished sentence and the user's message", () => {
    expect(interruptionContext({ spoken: 'It is big. It was made in', userText: 'Say "when"?' })).toBe(
      [
        FIRST,
        'You had fully said: "It is big."',
        'You were in the middle of saying: "It was made in" when you were cut off.',
        'The user interrupted with: "Say \\"when\\"?"',
        LAST,
      ].join('\n'),
    );
  });

  it('omits empty parts', () => {
    expect(interruptionContext({ spoken: 'It is big.', userText: 'ok' }).split('\n')).toEqual([
      FIRST,
      'You had fully said: "It is big."',
      'The user interrupted with: "ok"',
      LAST,
    ]);
    expect(interruptionContext({ spoken: 'It is', userText: ' ' }).split('\n')).toEqual([
      FIRST,
      'You were in the middle of saying: "It is" when you were cut off.',
      LAST,
    ]);
  });

  it('states that nothing was heard', () => {
    expect(interruptionContext({ spoken: '', userText: 'wait' }).split('\n')).toEqual([
      FIRST,
      'The user had not heard anything of your answer yet.',
      'The user interrupted with: "wait"',
      LAST,
    ]);
  });

  it('no text can add a line, end its quotes, or imitate the tag', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        '"',
        '\\',
        '\n',
        '\r\n',
        '\u2028',
        '\u0085',
        ' ',
        'a',
        '.',
        '[INTERRUPTION CONTEXT]',
        'The user interrupted with: "',
        '\u202E',
        '\0',
      ),
      maxLength: 40,
    });
    fc.assert(
      fc.property(hostile, fc.oneof(hostile, anyText(100)), (spoken, text) => {
        const userText = `a${text}z`;
        const context = interruptionContext({ spoken: `Yes. ${spoken}`, userText });
        const lines = context.split(/[\n\r\u0085\u2028\u2029]/);
        const { completed, unfinished } = analyzeInterruption(`Yes. ${spoken}`);
        expect(lines).toHaveLength(3 + (completed ? 1 : 0) + (unfinished ? 1 : 0));
        expect(JSON.parse((lines.at(-2) ?? '').replace('The user interrupted with: ', ''))).toBe(userText);
        expect(context.match(/\[INTERRUPTION CONTEXT\]/g)).toHaveLength(1);
      }),
    );
  });

  it('keeps the end of a long spoken text and the beginning of a long message, cut between characters', () => {
    const spoken = `${'Old news. '.repeat(300)}New news. Now ${'👩‍🚀'.repeat(1_000)}`;
    const [, completed, unfinished, user] = interruptionContext({
      spoken,
      userText: 'e\u0301'.repeat(5_001),
    }).split('\n');
    const quote = (line = ''): string =>
      String(JSON.parse(line.slice(line.indexOf('"'), line.lastIndexOf('"') + 1)));
    expect(quote(completed)).toHaveLength(QUOTED_UNITS + 1);
    expect(quote(completed)).toMatch(/^….*Old news\. New news\.$/);
    expect(quote(unfinished)).toMatch(/^…(?:👩‍🚀)+$/u);
    expect(quote(user)).toBe(`${'e\u0301'.repeat(500)}…`);
  });
});
