import { NOTHING_SAID } from '../domain/texts.ts';
import type { MessageRole } from '../domain/vocabulary.ts';

/** A message between a user and a model, in the form of model servers. */
export interface ExchangeMessage {
  role: 'user' | 'assistant';
  content: string;
}

/** The separator of texts that are joined to one message: a blank line. It has no more tokens than a message's framing. */
export const SEAM = '\n\n';

/**
 * The messages of users and assistants up to the newest user message, alternating, beginning and ending with a user.
 * Adjacent messages of one role are joined with {@link SEAM}, blank messages and system messages are left out, and
 * {@link NOTHING_SAID} comes first if no user message does.
 */
export function exchangeOf(said: readonly { role: MessageRole; content: string }[]): ExchangeMessage[] {
  const exchange: ExchangeMessage[] = [];
  for (const { role, content } of said) {
    if (role !== 'SYSTEM' && !isBlank(content)) append(exchange, ROLES[role], content);
  }
  if (exchange.at(-1)?.role === 'assistant') exchange.pop();
  if (exchange[0]?.role !== 'user') exchange.unshift({ role: 'user', content: NOTHING_SAID });
  return exchange;
}

export function isBlank(content: string): boolean {
  return content.trim() === '';
}

const ROLES = { USER: 'user', ASSISTANT: 'assistant' } as const;

function append(exchange: ExchangeMessage[], role: ExchangeMessage['role'], content: string): void {
  const last = exchange.at(-1);
  if (last?.role === role) last.content += SEAM + content;
  else exchange.push({ role, content });
}
