import type { TokenUsage } from '../../domain/vocabulary.ts';

/** The token counts that a server states; null if it does not state them. */
export interface CountedTokens {
  input: number | null;
  output: number | null;
  total: number | null;
}

type Fields = Record<string, unknown>;

/** The counts in a chunk: OpenAI's `usage` or Groq's `x_groq.usage`, with OpenAI's or Anthropic's field names. */
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

/** The newer counts, except zeros: some servers send zeros in the last chunk. */
export function newestCounts(known: CountedTokens | null, latest: CountedTokens): CountedTokens {
  return {
    input: latest.input || (known?.input ?? latest.input),
    output: latest.output || (known?.output ?? latest.output),
    total: latest.total || (known?.total ?? latest.total),
  };
}

/** Null if input or output was not counted, or both are zero. */
export function usageOf(counts: CountedTokens | null): TokenUsage | null {
  if (counts === null || counts.input === null || counts.output === null) return null;
  const { input, output, total } = counts;
  if (input + output === 0) return null;
  return { inputTokens: input, outputTokens: output, totalTokens: total || input + output };
}

/** The first count above zero under one of the names; zero if all are zero; null if there is none. */
function counted(usages: readonly Fields[], ...names: string[]): number | null {
  const counts = usages.flatMap((usage) => names.map((name) => count(usage[name])));
  return counts.find(Boolean) ?? counts.find((value) => value !== null) ?? null;
}

function count(value: unknown): number | null {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST
    ? (value as number)
    : null;
}

/** Half of the largest integer of GraphQL and PostgreSQL, so that the sum of two counts fits. */
const MOST = 1_073_741_823;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
