/**
 * A text as one line in double quotes that it cannot break out of: a JSON string (RFC 8259, 7), which `JSON.parse` turns back
 * into the text. Beyond what JSON requires, escapes what could be read as more than text:
 * - control and format characters, line separators, bidirectional and zero-width marks, tag characters and the
 *   supplementary variation selectors, which can hide words; joiners stay where scripts and emoji need them;
 * - the bracket of `[INTERRUPTION CONTEXT]`, and the beginning of chat-template marks such as `<|im_start|>`.
 */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(HIDDEN, escaped).replace(LONE_JOINERS, escaped).replace(TAGS, escaped);
}

const HIDDEN =
  /[\u007F-\u009F\u2028\u2029]|(?!\u200C|\u200D)\p{Cf}|(?!\uFE0E|\uFE0F)\p{Variation_Selector}/gu;
const LONE_JOINERS = /(?<=\p{ASCII})(?:\u200C|\u200D)+|(?:\u200C|\u200D)+(?=\p{ASCII})/gu;
const TAGS = /[[［【〔](?=[\s_-]*interruption)|<(?=\|)/giu;

function escaped(characters: string): string {
  return Array.from({ length: characters.length }, (_, at) => escapedUnit(characters.charCodeAt(at))).join(
    '',
  );
}

function escapedUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
