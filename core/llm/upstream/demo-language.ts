import { LANGUAGES, type Language } from './demo-languages.ts';
import type { SeededRandom } from './seeded-random.ts';

/** The language other than English that a message is written in, or asks to be answered in; null for English and unknown ones. */
export function languageOf(text: string): Language | null {
  const asked = LANGUAGES.find((language) => language.askedFor.test(text));
  if (asked) return asked;
  const written = LANGUAGES.find((language) => language.script?.test(text));
  if (written) return written;
  const words = text.toLowerCase().match(/[\p{L}'’]+/gu) ?? [];
  const scored = LANGUAGES.map((language) => ({
    language,
    score:
      words.filter((word) => language.words.has(word)).length +
      (isPoliteness(language, text) ? 2 : 0) +
      (language.marks?.test(text) ? 1 : 0),
  })).sort((a, b) => b.score - a.score);
  const [best] = scored;
  const english = words.filter((word) => ENGLISH.has(word)).length;
  const enough = Math.max(2, words.length / 6, english + 1);
  return best && best.score >= enough ? best.language : null;
}

/** A short reply in that language, honest about who is speaking. */
export function replyIn(language: Language, text: string, random: SeededRandom): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const quote = line.length > 80 ? `${line.slice(0, 77)}…` : line;
  const variants = language.greeting.test(line)
    ? language.greetings
    : language.thanks.test(line)
      ? language.welcomes
      : language.answers;
  return `${random.pick(variants).replaceAll('{quote}', quote)}\n\n${language.closing}`;
}

function isPoliteness(language: Language, text: string): boolean {
  return language.greeting.test(text) || language.thanks.test(text);
}

const ENGLISH = new Set(
  'the is are what how do does can you i my a an of to in and please for with about it this that me'.split(
    ' ',
  ),
);
