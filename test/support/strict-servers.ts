/**
 * The prompts that model servers refuse, by server, with the text of the refusal. Each is the condition of a
 * `raise_exception` in a chat template, or one that the API answers with status 400.
 */
const REFUSALS: Record<string, { says: string; of: (prompt: readonly AskedMessage[]) => boolean }> = {
  'Qwen 3.5: system': {
    says: 'System message must be at the beginning.',
    of: (prompt) => prompt.some(({ role }, at) => role === 'system' && at > 0),
  },
  'Qwen 3.5: query': {
    says: 'No user query found in messages.',
    of: (prompt) => !prompt.some(isUser),
  },
  'Mistral: alternation': {
    says: 'After the optional system message, conversation roles must alternate user and assistant roles',
    of: (prompt) => exchange(prompt).some((message, at) => isUser(message) !== (at % 2 === 0)),
  },
  'Mistral: last': {
    says: 'Expected last role User or Tool for serving',
    of: (prompt) => !isUser(prompt.at(-1)),
  },
  'Gemma and Llama 2: alternation': {
    says: 'Conversation roles must alternate user/assistant/user/assistant/...',
    of: (prompt) => {
      const loop = prompt[0]?.role === 'system' ? prompt.slice(1) : prompt;
      return loop.some((message, at) => isUser(message) !== (at % 2 === 0));
    },
  },
  'Gemini: contents': {
    says: 'contents is not specified',
    of: (prompt) => exchange(prompt).length === 0,
  },
  'Claude 4.6: last': {
    says: 'This model does not support assistant message prefill. The conversation must end with a user message.',
    of: (prompt) => prompt.at(-1)?.role === 'assistant',
  },
  'Claude: blank': {
    says: 'text content blocks must contain non-whitespace text',
    of: (prompt) => prompt.some(({ content }) => content.trim() === ''),
  },
  'gpt-oss and MiniMax: system': {
    says: '(silently drops every system message but the first)',
    of: (prompt) => prompt.filter(({ role }) => role === 'system').length > 1,
  },
};

/** The servers that refuse a prompt, each with the text of its refusal; empty if every server accepts it. */
export function refusalsOf(prompt: readonly AskedMessage[]): string[] {
  return Object.entries(REFUSALS).flatMap(([server, { says, of }]) =>
    of(prompt) ? `${server}: ${says}` : [],
  );
}

function exchange(prompt: readonly AskedMessage[]): readonly AskedMessage[] {
  return prompt.filter(({ role }) => role !== 'system');
}

function isUser(message: AskedMessage | undefined): boolean {
  return message?.role === 'user';
}

interface AskedMessage {
  role: string;
  content: string;
}
