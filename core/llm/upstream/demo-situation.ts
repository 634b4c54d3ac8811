import type { ChatMessage } from './chunks.ts';

/** What is asked of the demo model at this point of a conversation. */
export type DemoSituation =
  /** Speak first. */
  | { kind: 'greeting' }
  /** The user has fallen silent. */
  | { kind: 'nudge' }
  /** An answer was begun elsewhere: go on from `spoken`, to the character. `before` are the messages it answers. */
  | { kind: 'resume'; spoken: string; before: readonly ChatMessage[] }
  /** Answer the user; `interrupted` when they cut in on the last answer. */
  | { kind: 'answer'; text: string; interrupted: boolean };

export function readSituation(messages: readonly ChatMessage[]): DemoSituation {
  const last = messages.at(-1);
  const userAt = messages.findLastIndex((message) => message.role === 'user');
  if (last?.role === 'assistant')
    return { kind: 'resume', spoken: last.content, before: messages.slice(0, -1) };
  if (isInstruction(last) && !last.content.startsWith(INTERRUPTION)) {
    if (GO_ON.test(last.content)) {
      const resumed = spokenBefore(messages);
      if (resumed) return resumed;
    }
    if (SILENCE.test(last.content) && userAt >= 0) return { kind: 'nudge' };
    if (GREET.test(last.content)) return { kind: 'greeting' };
  }
  const user = messages[userAt];
  if (!user) return { kind: 'greeting' };
  const interrupted = messages
    .slice(-3)
    .some((message) => isInstruction(message) && message.content.startsWith(INTERRUPTION));
  return { kind: 'answer', text: user.content, interrupted };
}

const INTERRUPTION = '[INTERRUPTION CONTEXT]';
const GO_ON = /\b(?:continue|carry on|go on|resume|keep going)\b/i;
const SILENCE = /\b(?:silent|silence|quiet|idle|nudge|inactive|gone away)\b/i;
const GREET = /\b(?:greet|greeting|welcome|say hello|introduce yourself)\b/i;

function isInstruction(message: ChatMessage | undefined): message is ChatMessage {
  return message?.role === 'system' || message?.role === 'developer';
}

/** What was said already: the answer before the instruction, or else what the instruction quotes (as a JSON string, or plainly). */
function spokenBefore(messages: readonly ChatMessage[]): DemoSituation | null {
  const previous = messages.at(-2);
  if (previous?.role === 'assistant') {
    return { kind: 'resume', spoken: previous.content, before: messages.slice(0, -2) };
  }
  const spoken = longestQuote(messages.at(-1)?.content ?? '');
  return spoken ? { kind: 'resume', spoken, before: messages.slice(0, -1) } : null;
}

function longestQuote(text: string): string {
  const quotes = [...text.matchAll(/"(?:[^"\\]|\\.)*"/gs)].map(([quote]) => unquote(quote));
  return quotes.reduce((longest, quote) => (quote.length > longest.length ? quote : longest), '');
}

function unquote(quote: string): string {
  try {
    return String(JSON.parse(quote));
  } catch {
    return quote.slice(1, -1);
  }
}
