import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContextMessage, contextWindow } from './context-window.ts';

/** Messages from lines: `U`, `A` or `S` for the role, then the content, whose length is its number of tokens. */
const said = (...lines: string[]): ContextMessage[] =>
  lines.map((line) => ({
    role: line.startsWith('U') ? 'USER' : line.startsWith('A') ? 'ASSISTANT' : 'SYSTEM',
    content: line.slice(1),
  }));

const tokensOf = ({ content }: ContextMessage): number => content.length;
const roomy = { maxMessages: 100, maxTokens: 1_000, tokensOf, startsAtBeginning: true };

describe('messages', () => {
  it('a conversation that fits is kept whole, with its tokens', () => {
    const messages = said('Ahello', 'Uhi', 'Ayes', 'Uwhy');
    expect(contextWindow(messages, roomy)).toEqual({ messages, tokens: 13 });
  });

  it('only the newest are kept', () => {
    const { messages, tokens } = contextWindow(said('Ua', 'Ab', 'Uc', 'Ad', 'Ue'), {
      ...roomy,
      maxMessages: 3,
    });
    expect(messages).toEqual(said('Uc', 'Ad', 'Ue'));
    expect(tokens).toBe(3);
  });

  it('an answer whose question was dropped is dropped too', () => {
    const cut = contextWindow(said('Ua', 'Ab', 'Uc', 'Ad', 'Ue'), { ...roomy, maxMessages: 2 });
    expect(cut).toEqual({ messages: said('Ue'), tokens: 1 });
    const twoAnswers = contextWindow(said('Ua', 'Ab', 'Anudge', 'Uc'), { ...roomy, maxMessages: 3 });
    expect(twoAnswers.messages).toEqual(said('Uc'));
  });

  it('a greeting stays only if the messages begin with the conversation', () => {
    const greeted = said('Agreeting', 'Uhi');
    expect(contextWindow(greeted, roomy).messages).toEqual(greeted);
    expect(contextWindow(greeted, { ...roomy, startsAtBeginning: false }).messages).toEqual(said('Uhi'));
    expect(contextWindow(said('Agreeting', 'Anudge'), roomy).messages).toEqual(said('Agreeting', 'Anudge'));
  });

  it('system messages are kept in their places and do not count', () => {
    const { messages } = contextWindow(said('Srules', 'Ua', 'Ab', 'Snote', 'Uc'), {
      ...roomy,
      maxMessages: 1,
    });
    expect(messages).toEqual(said('Srules', 'Snote', 'Uc'));
  });

  it('the newest user message is kept even if more answers than fit come after it', () => {
    const { messages } = contextWindow(said('Ua', 'Ab', 'Ac', 'Ad'), { ...roomy, maxMessages: 2 });
    expect(messages).toEqual(said('Ua', 'Ad'));
  });

  it('no messages give no messages', () => {
    expect(contextWindow([], roomy)).toEqual({ messages: [], tokens: 0 });
  });

  it('other fields of a message are kept', () => {
    const messages = [{ role: 'USER' as const, content: 'x', id: 7 }];
    expect(contextWindow(messages, roomy).messages[0]?.id).toBe(7);
  });
});

describe('tokens', () => {
  it('the oldest that do not fit are dropped, each whole', () => {
    const { messages, tokens } = contextWindow(said('Uaaaa', 'Abbbb', 'Ucccc', 'Adddd', 'Ueeee'), {
      ...roomy,
      maxTokens: 15,
    });
    expect(messages).toEqual(said('Ucccc', 'Adddd', 'Ueeee'));
    expect(tokens).toBe(12);
  });

  it('a small message older than one that does not fit is dropped with it', () => {
    const { messages } = contextWindow(said('Ua', `A${'b'.repeat(50)}`, 'Uc'), { ...roomy, maxTokens: 10 });
    expect(messages).toEqual(said('Uc'));
  });

  it('the newest user message is kept even if it exceeds the limit, and then nothing else is', () => {
    const long = `U${'x'.repeat(50)}`;
    const cut = contextWindow(said('Sr', 'Ua', long, 'Ab'), { ...roomy, maxTokens: 10 });
    expect(cut).toEqual({ messages: said(long), tokens: 50 });
  });

  it('system messages take precedence over other messages', () => {
    const { messages } = contextWindow(said('Srules', 'Uaaa', 'Abbb', 'Uccc'), { ...roomy, maxTokens: 9 });
    expect(messages).toEqual(said('Srules', 'Uccc'));
  });

  it('no message is counted twice, and none beyond the most messages is counted', () => {
    const counted: string[] = [];
    contextWindow(said('Ua', 'Ab', 'Uc', 'Ad', 'Ue'), {
      ...roomy,
      maxMessages: 3,
      tokensOf: ({ content }) => counted.push(content),
    });
    expect(counted.sort()).toEqual(['c', 'd', 'e']);
  });
});

it('holds for any conversation and any limits', () => {
  const message = fc.record({
    role: fc.constantFrom('USER' as const, 'ASSISTANT' as const, 'SYSTEM' as const),
    content: fc.string({ maxLength: 12 }),
  });
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 30 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 80 }),
      fc.boolean(),
      (messages, maxMessages, maxTokens, startsAtBeginning) => {
        const cut = contextWindow(messages, { maxMessages, maxTokens, tokensOf, startsAtBeginning });
        const newest = messages.findLast(({ role }) => role === 'USER');
        expect(cut.messages).toEqual(messages.filter((one) => cut.messages.includes(one)));
        expect(cut.tokens).toBe(cut.messages.reduce((sum, { content }) => sum + content.length, 0));
        if (newest) expect(cut.messages).toContain(newest);
        if (cut.tokens > maxTokens) expect(cut.messages).toEqual([newest]);
        const spoken = cut.messages.filter(({ role }) => role !== 'SYSTEM');
        expect(spoken.length).toBeLessThanOrEqual(maxMessages);
        const [first] = spoken;
        const begins = startsAtBeginning && first === messages.find(({ role }) => role !== 'SYSTEM');
        if (first?.role === 'ASSISTANT') expect(begins).toBe(true);
      },
    ),
  );
});
