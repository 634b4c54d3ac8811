import { SNIPPETS, STARTERS } from './demo-snippets.ts';
import { type DemoTopic, filled } from './demo-topic.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A working snippet for what was asked, or else a sound beginning in the language that was asked for. */
export function codeReply(text: string, topic: DemoTopic, random: SeededRandom): string {
  const language = LANGUAGES.find(([, pattern]) => pattern.test(text))?.[0];
  const snippet = SNIPPETS.find(({ asked }) => asked.test(text));
  const code = snippet && (language === undefined ? snippet.code.typescript : snippet.code[language]);
  if (snippet && code) {
    return `${random.pick(OPENINGS)}\n\n${fenced(language ?? 'typescript', code)}\n\n**Why it works:** ${snippet.why}\n\n${random.pick(QUESTIONS)}`;
  }
  const chosen = language ?? 'typescript';
  const starter = STARTERS[chosen] ?? '';
  return filled(
    `For **{topic}** I only have a beginning, but it's one that runs:\n\n${fenced(chosen, starter)}\n\nFrom here, in this order:\n\n1. Write down one input and the output that you expect.\n2. Make that one case work, as plainly as you can.\n3. Add the empty case and the wrong case.\n\n${random.pick(QUESTIONS)}`,
    topic,
  );
}

/** Says what can be seen in code that was pasted, without pretending to have run it. */
export function reviewReply(text: string, random: SeededRandom): string {
  const [, tag = '', code = ''] = /```(\w*)[^\n]*\n?([\s\S]*?)(?:```|$)/.exec(text) ?? [];
  const lines = code.split('\n').filter((line) => line.trim());
  const names = [
    ...code.matchAll(/\b(?:function|def|class|func|fn|const|let|interface|type)\s+([A-Za-z_$][\w$]*)/g),
  ];
  const named = [...new Set(names.map(([, name]) => name))].slice(0, 4).map((name) => `\`${name}\``);
  const longest = Math.max(0, ...lines.map((line) => line.length));
  const notes = [
    `**${lines.length} ${lines.length === 1 ? 'line' : 'lines'}**${tag ? ` of ${tag}` : ''}, the longest ${longest} characters wide.`,
    named.length
      ? `It names ${named.join(', ')}: do they say what they *promise*, or only what they are?`
      : 'It names nothing: a function around it would give it a purpose to test.',
    /\bcatch\b|\bexcept\b|\btry\b/.test(code)
      ? 'Errors are caught. Is each of them also *told* to somebody?'
      : 'Nothing is caught here, so a fault goes to the caller. Is that what you want?',
    ...(/\bany\b/.test(code)
      ? ['There is an `any` in it, which switches the type checker off just where it would help.']
      : []),
    ...(/console\.log|print\(/.test(code)
      ? ['It prints as it goes; fine while trying things out, noise later.']
      : []),
  ];
  return `I've read it, as far as a demo can read:\n\n${notes.map((note) => `- ${note}`).join('\n')}\n\nWhat I'd do next is to write one test for the case you worry about most.\n\n${random.pick(QUESTIONS)}`;
}

const LANGUAGES: readonly (readonly [string, RegExp])[] = [
  ['typescript', /\b(?:typescript|ts|tsx)\b/i],
  ['javascript', /\b(?:javascript|js|node(?:\.js)?)\b/i],
  ['python', /\b(?:python|py)\b/i],
  ['sql', /\b(?:sql|postgres(?:ql)?|mysql|sqlite)\b/i],
  ['bash', /\b(?:bash|shell|zsh)\b/i],
  ['html', /\bhtml\b/i],
  ['css', /\bcss\b/i],
  ['go', /\b(?:golang|in go)\b/i],
  ['rust', /\brust\b/i],
  ['java', /\bjava\b/i],
];

const OPENINGS = [
  "Here's a small one that does just that:",
  'Sure. Short, and without dependencies:',
  'This should do:',
] as const;

const QUESTIONS = [
  'Shall I add a test for it?',
  'What does your input look like? Then I can fit it to that.',
  'Do you want it shorter, or with more checks?',
] as const;

function fenced(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\n\`\`\``;
}
