import { codeReply } from './code.ts';
import { FALLBACK, GREETING, HELP, TABLE, THINGS_TO_TRY } from './texts.ts';

/** The prepared reply, in Markdown, to a message of a user; the first matching rule decides. */
export function replyTo(text: string): string {
  const opening = text.slice(0, OPENING);
  const reply = RULES.find(([asked]) => asked.test(opening))?.[1] ?? fallback;
  return reply(opening);
}

/** Only this many UTF-16 code units at the beginning of a message are matched. */
const OPENING = 500;
const LARGEST_COUNT = 1_000;
const COUNT = /\bcount (?:up )?to (\d[\d,]*)/i;

const RULES: readonly (readonly [asked: RegExp, reply: (text: string) => string])[] = [
  [
    /\b(?:code|python|javascript|sql|fizz ?buzz|fibonacci)\b|\b(?:write|show|make)\b.*\b(?:function|script|program|query)\b/i,
    codeReply,
  ],
  [COUNT, count],
  [/\btable\b/i, () => TABLE],
  [/\bhelp\b|\bwhat can you do\b|\b(?:who|what) are you\b|\bwhich model\b|\bapi key\b/i, () => HELP],
  [/\b(?:list|ideas|tips|steps)\b|\bthings to try\b/i, list],
  [/^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening))\b.{0,20}$/i, () => GREETING],
];

function count(text: string): string {
  const asked = Number(COUNT.exec(text)?.[1]?.replaceAll(',', ''));
  const last = Math.min(Math.max(asked, 1), LARGEST_COUNT);
  const numbers = `${Array.from({ length: last }, (_, at) => at + 1).join(', ')}.`;
  return asked > LARGEST_COUNT ? `${numbers}\n\nThat is as far as I count.` : numbers;
}

/** A list with the number of items that the text names, up to all prepared items. */
function list(text: string): string {
  const asked = Number(/\d+/.exec(text)?.[0] ?? THINGS_TO_TRY.length);
  const items = THINGS_TO_TRY.slice(0, Math.max(asked, 1));
  return `The list I have prepared, of things to try in TaskFlow:\n\n${items.map((item, at) => `${at + 1}. ${item}`).join('\n')}`;
}

function fallback(text: string): string {
  const line = Array.from(text.replace(/\s+/g, ' ').trim());
  return `> ${line.slice(0, 80).join('')}${line.length > 80 ? '…' : ''}\n\n${FALLBACK}`;
}
