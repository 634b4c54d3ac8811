import type { TokenUsage } from '../../domain/vocabulary.ts';

/** How many tokens a server says that there were; null where it does not say. */
export interface CountedTokens {
  input: number | null;
  output: number | null;
  total: number | null;
}

type Fields = Record<string, unknown>;

/** The counts in a chunk: OpenAI's `usage`, Groq's `x_groq.usage`; by OpenAI's names or by Anthropic's. */
export function countedIn(chunk: Fields): CountedTokens | null {
  const groq = chunk.x_groq;
  const usages = [chunk.usage, isFields(groq) ? groq.usage : null].filter(isFields);
  if (usages.length === 0) return null;
  return {
    input: counted(usages, 'prompt_tokens', 'input_tokens'),
    output: counted(usages, 'completion_tokens', 'output_tokens'),
    total: counted(usages, 'total_tokens'),
  };
}

/** The newer counts, but for zeros: some servers send a last chunk of them. */
export function newestCounts(known: CountedTokens | null, news: CountedTokens): CountedTokens {
  return {
    input: news.input || (known?.input ?? news.input),
    output: news.output || (known?.output ?? news.output),
    total: news.total || (known?.total ?? news.total),
  };
}

/** Null where the server did not count both, or counted nothing at all. */
export function usageOf(counts: CountedTokens | null): TokenUsage | null {
  if (counts === null || counts.input === null || counts.output === null) return null;
  const { input, output, total } = counts;
  if (input + output === 0) return null;
  return { inputTokens: input, outputTokens: output, totalTokens: total || input + output };
}

/** The first count under one of the names that is more than nothing; zero where all are; null where there is none. */
function counted(usages: readonly Fields[], ...names: string[]): number | null {
  const counts = usages.flatMap((usage) => names.map((name) => count(usage[name])));
  return counts.find(Boolean) ?? counts.find((value) => value !== null) ?? null;
}

function count(value: unknown): number | null {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST
    ? (value as number)
    : null;
}

/** What GraphQL's and PostgreSQL's integers hold; half of it, so that the sum of two does, too. */
const MOST = 1_073_741_823;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
