import { describe, expect, it } from 'vitest';
import { promptFor, type SaidMessage } from './prompt.ts';
import { CONTINUE_INSTRUCTION, GREETING_INSTRUCTION, SYSTEM_PROMPT } from './texts.ts';

const user = (content: string): SaidMessage => ({ role: 'USER', content, status: 'COMPLETED' });
const answer = (content: string, status: SaidMessage['status'] = 'COMPLETED'): SaidMessage => ({
  role: 'ASSISTANT',
  content,
  status,
});
const asked = { cause: 'USER_MESSAGE', spoken: '' } as const;
const contents = (...args: Parameters<typeof promptFor>) =>
  promptFor(...args)
    .slice(1)
    .map(({ role, content }) => `${role}: ${content}`);

describe('a prompt', () => {
  it('begins with who the model is, then what was said', () => {
    expect(promptFor(asked, [user('Hi'), answer('Hello'), user('Why?')])).toEqual([
      { role: 'system', content: SYSTEM_PROMPT },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'Why?' },
    ]);
  });

  it('has no answer without a word in it', () => {
    const prompt = contents(asked, [user('a'), answer(' \n', 'INTERRUPTED'), user('b')]);
    expect(prompt.filter((line) => !line.startsWith('system'))).toEqual(['user: a', 'user: b']);
  });

  it('asks a question again without the try that failed, or a nudge that came after it', () => {
    const failed = [
      user('a'),
      answer('b'),
      user('c'),
      answer('Well, I', 'INTERRUPTED'),
      answer('Still there?'),
    ];
    expect(contents(asked, failed)).toEqual(['user: a', 'assistant: b', 'user: c']);
    const greeting = contents({ cause: 'GREETING', spoken: '' }, [answer('Hel', 'INTERRUPTED')]);
    expect(greeting).toEqual([`system: ${GREETING_INSTRUCTION}`]);
  });

  it('tells where an answer was cut off, also when that answer has no room in it', () => {
    const history = [user('a'), answer('One two', 'INTERRUPTED'), user('Stop')];
    for (const shown of [history, [user('Stop')]]) {
      expect(contents(asked, history, shown).at(-1)).toMatch(/^system: \[INTERRUPTION CONTEXT\].*One two/s);
    }
    const again = contents(asked, [...history, answer('Sorr', 'INTERRUPTED')]);
    expect(again.at(-1)).toContain('One two');
  });

  it('goes on from what was heard', () => {
    expect(contents({ ...asked, spoken: 'Once' }, [user('a')])).toEqual([
      'user: a',
      'assistant: Once',
      `system: ${CONTINUE_INSTRUCTION}`,
    ]);
  });
});
