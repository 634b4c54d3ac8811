import type { TokenUsage as Usage } from '../../../core/domain/vocabulary.ts';
import { builder } from '../builder.ts';

export const TokenUsage = builder.objectRef<Usage>('TokenUsage').implement({
  description: 'The tokens that an answer took, as the provider counted them.',
  fields: (t) => ({
    inputTokens: t.exposeInt('inputTokens', { description: 'Tokens of the prompt with its context.' }),
    outputTokens: t.exposeInt('outputTokens', { description: 'Tokens of the answer itself.' }),
    totalTokens: t.exposeInt('totalTokens', { description: 'Input and output tokens together.' }),
  }),
});
