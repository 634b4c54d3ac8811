import type { SeededRandom } from './seeded-random.ts';

/** A table that sets two things side by side; null when the message names no two things. */
export function compareReply(text: string, random: SeededRandom): string | null {
  const pair = pairIn(text);
  if (!pair) return null;
  const [left, right] = pair;
  const rows = random
    .shuffled(ROWS)
    .slice(0, 4)
    .map((row) => `| ${row.join(' | ')} |`);
  return [
    `## ${left} or ${right}?`,
    "I can give you the frame of a comparison; the facts to fill it with are yours, or a real model's:",
    [`| | **${left}** | **${right}** |`, '| --- | --- | --- |', ...rows].join('\n'),
    random.pick(VERDICTS).replaceAll('{left}', left).replaceAll('{right}', right),
  ].join('\n\n');
}

const ROWS = [
  ['First hour', 'how far do you get?', 'how far do you get?'],
  ['After a year', 'what annoys you most?', 'what annoys you most?'],
  ['When it breaks', 'who can mend it?', 'who can mend it?'],
  ['Cost', 'money, time, patience', 'money, time, patience'],
  ['Way back', 'how hard is it to leave?', 'how hard is it to leave?'],
  ['Company', 'who else uses it, and for what?', 'who else uses it, and for what?'],
] as const;

const VERDICTS = [
  'A way to decide between them: write down **the one thing that must not go wrong**. Usually only one of {left} and {right} looks good on that line, and the other rows stop mattering.\n\nWhat is that one thing for you?',
  'If you know **{left}** already, then {right} has to be *clearly* better to be worth the change, not just a little. If you know neither, take the one that a friend of yours can help you with.\n\nWhich of the rows weighs most for you?',
] as const;

const END = String.raw`(?:\s*[?.!,;]|\s+(?:for|in|when|if|to|and why|which|please)\b|$)`;
const NAME = String.raw`([\p{L}\p{N}][\p{L}\p{M}\p{N}+#.'’ -]{0,28}?)`;
const PATTERNS = [
  new RegExp(String.raw`\bbetween ${NAME} and ${NAME}${END}`, 'iu'),
  new RegExp(String.raw`\bcompare ${NAME} (?:and|with|to) ${NAME}${END}`, 'iu'),
  new RegExp(
    String.raw`(?:^|[,:]\s|\bin\s|\bof\s|\bon\s|\bbetter\s|\bis\s|\bi\s)${NAME},? (?:vs\.?|versus|or) ${NAME}${END}`,
    'iu',
  ),
];

function pairIn(text: string): [string, string] | null {
  for (const pattern of PATTERNS) {
    const [, left, right] = pattern.exec(text) ?? [];
    if (left && right) return [named(left), named(right)];
  }
  return null;
}

function named(name: string): string {
  return name
    .replace(/^(?:an?|the|is|compare|learn|use|choose|buy|take)\s+/i, '')
    .replace(/\s+better$/i, '')
    .trim();
}
