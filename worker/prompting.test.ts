import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { NOTHING_SAID } from '../core/domain/texts.ts';
import { TokenCounter } from '../core/llm/models/token-counter.ts';
import { type Model, modelsOf } from '../core/llm/registry/models.ts';
import type { Said } from '../core/store/conversation-reads.ts';
import { Prompter } from './prompting.ts';

const JOB = { conversationId: 'c', turnId: 't' };
const tokens = await TokenCounter.load([{}]);

/** Messages, oldest first. The first letter is the role: `U`, `A` or `S`. */
function said(...lines: string[]): Said[] {
  return lines.map((line, at) => ({
    id: `${at} ${line}`,
    role: ({ U: 'USER', A: 'ASSISTANT', S: 'SYSTEM' } as const)[line[0] as 'U' | 'A' | 'S'],
    content: line.slice(1),
    status: 'COMPLETED',
  }));
}

interface Limits {
  contextWindow?: number;
  contextMessages?: number;
  tokenWarningThreshold?: number;
}

function prompter(rows: Said[], options: Limits = {}) {
  const { contextWindow = 100_000, contextMessages = 20, tokenWarningThreshold = 1_000 } = options;
  const model: Model = { id: 'm', name: 'M', vendor: 'V', contextWindow };
  const models = modelsOf(() => ({ models: [model], available: new Set(['m']), default: model }));
  const lines: Record<string, unknown>[] = [];
  const large: unknown[] = [];
  const made = new Prompter({
    reads: {
      history: async (_id, _turn, limit) => {
        const spoken = new Set(rows.filter(({ role }) => role !== 'SYSTEM').slice(-limit));
        return rows.filter((row) => row.role === 'SYSTEM' || spoken.has(row));
      },
    },
    models,
    tokens,
    contextMessages,
    tokenWarningThreshold,
    onLargePrompt: (prompt) => large.push(prompt),
    log: pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) }),
  });
  return { made, lines, large };
}

async function promptOf(rows: Said[], options?: Parameters<typeof prompter>[1]) {
  const { made, lines, large } = prompter(rows, options);
  const messages = await made.promptOf(JOB, { cause: 'USER_MESSAGE', model: 'm', text: '' });
  return { said: messages.slice(1).map(({ content }) => content), lines, large };
}

const words = (count: number) => 'four'.repeat(count);

describe('the prompt of a turn', () => {
  it('has the newest messages, and never begins with an answer whose question was left out', async () => {
    const rows = said('Ua', 'Ab', 'Uc', 'Ad', 'Ue');
    expect((await promptOf(rows)).said).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect((await promptOf(rows, { contextMessages: 5 })).said).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect((await promptOf(rows, { contextMessages: 4 })).said).toEqual(['c', 'd', 'e']);
  });

  it('keeps the greeting that began the conversation as long as no message is left out', async () => {
    const rows = said('Agreeting', 'Ua', 'Ab', 'Uc');
    const whole = await promptOf(rows, { contextMessages: 4 });
    expect(whole.said).toEqual([NOTHING_SAID, 'greeting', 'a', 'b', 'c']);
    expect((await promptOf(rows, { contextMessages: 3 })).said).toEqual(['a', 'b', 'c']);
  });

  it('is no larger than the model’s context window, less room for the answer', async () => {
    const rows = said(`U${words(1_000)}`, 'Aold', `U${words(1_000)}`, `A${words(1_000)}`, 'Unew');
    expect((await promptOf(rows, { contextWindow: 8_000 })).said).toHaveLength(5);
    // Three quarters of 4,000 are some 2,600 after the instructions: the oldest question and its answer are left out.
    expect((await promptOf(rows, { contextWindow: 4_000 })).said).toEqual([
      words(1_000),
      words(1_000),
      'new',
    ]);
    expect((await promptOf(rows, { contextWindow: 2_000 })).said).toEqual(['new']);
  });

  it('has the message to answer even if that alone is too large', async () => {
    const rows = said('Ua', 'Ab', `U${words(5_000)}`);
    expect((await promptOf(rows, { contextWindow: 4_000 })).said).toEqual([words(5_000)]);
  });

  it('is logged once and used when it is over the warning threshold', async () => {
    const { lines, large, said: sent } = await promptOf(said(`U${words(1_000)}`));
    expect(sent).toEqual([words(1_000)]);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 40,
        model: 'm',
        promptTokens: expect.any(Number),
        threshold: 1_000,
      }),
    ]);
    expect(lines[0]?.promptTokens).toBeGreaterThan(1_200);
    expect(large).toEqual([{ model: 'm', tokens: lines[0]?.promptTokens }]);
    expect((await promptOf(said('Uhi'))).lines).toEqual([]);
  });

  it('has at most the tokens that were counted, however its messages are joined', async () => {
    const line = fc
      .tuple(fc.constantFrom('U', 'A', 'S'), fc.string({ unit: 'binary', maxLength: 40 }))
      .map(([role, text]) => `${role}${text}`);
    const turn = fc.record({
      cause: fc.constantFrom('USER_MESSAGE' as const, 'GREETING' as const),
      model: fc.constant('m'),
      text: fc.constantFrom('', 'Half an'),
    });
    const limits = { contextWindow: 1_200, contextMessages: 8, tokenWarningThreshold: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), turn, async (lines, asked) => {
        const { made, large } = prompter(said(...lines), limits);
        const messages = await made.promptOf(JOB, asked);
        const counts = await Promise.all(messages.map((message) => tokens.count({}, message)));
        const framed = counts.reduce((sum, count) => sum + count + 4, 4);
        expect(large).toEqual([{ model: 'm', tokens: expect.toSatisfy((counted) => counted >= framed) }]);
      }),
      { numRuns: 50 },
    );
  });
});
