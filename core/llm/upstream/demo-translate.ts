import { PHRASEBOOK, PHRASEBOOK_LANGUAGES } from './demo-phrasebook.ts';

/** Looks up what is to be translated in the phrasebook; null when no translation is asked for. */
export function translationReply(text: string): string | null {
  const [, spoken, name] = ASKED.exec(text) ?? SAID.exec(text) ?? [];
  if (!spoken || !name) return null;
  const language = name.charAt(0).toUpperCase() + name.slice(1).toLowerCase();
  const phrase = spoken
    .replace(/["“”'‘’:?.!]/g, '')
    .trim()
    .toLowerCase();
  const column = PHRASEBOOK_LANGUAGES.indexOf(language);
  const translation = PHRASEBOOK[phrase]?.[column];
  if (translation) return `*${phrase}* in ${language} is:\n\n> **${translation}**`;
  const known = Object.keys(PHRASEBOOK).map((entry) => `*${entry}*`);
  return `I'd love to put “${phrase}” into ${language}, but my phrasebook is a slim one. It has ${known.slice(0, -1).join(', ')} and ${known.at(-1)}, in ${PHRASEBOOK_LANGUAGES.join(', ')}. For anything beyond that you need a real model.`;
}

const ASKED = /\btranslate\s+(?:the (?:phrase|word|sentence)\s+)?(.{1,200}?)\s+(?:in)?to\s+(\p{L}+)/iu;
const SAID = /\bhow (?:do|would) (?:you|i) say\s+(.{1,200}?)\s+in\s+(\p{L}+)/iu;
