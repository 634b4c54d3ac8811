import { isOfOther } from './other-numbers.ts';
import { OTHER_SUBJECTS } from './words/other-words.ts';

/** What the nearest word calls a number: what a rule looks for, something else, or nothing. */
export type Called = 'own' | 'other' | null;

/** How far a word may be from the number that it names, in characters. */
const REACH = 40;
const REACH_AFTER = 28;

/** Decides from the nearest words what a number is: see `of`. */
export class Naming {
  readonly #own: RegExp;
  readonly #ownAfter: RegExp;

  /** @param own the words for what is looked for, as the source of a regular expression */
  constructor(own: string) {
    this.#own = new RegExp(own, 'gi');
    this.#ownAfter = new RegExp(`${LINK}(?:${own})`, 'iu');
  }

  /**
   * What the number at `[start, end)` is called: by a word directly before it, else directly after it, else by the nearest
   * word before it in its sentence whose number it can be. The time does not depend on the text's length.
   */
  of(text: string, start: number, end: number): Called {
    const before = sentenceBefore(text, start);
    const [own, other] = [lastEnd(before, this.#own), lastEnd(before, OTHER)];
    if (own > other || (own >= 0 && own < other && isDirect(before.slice(own)))) return 'own';
    const after = text.slice(end, end + REACH_AFTER);
    if ((other >= 0 && isDirect(before.slice(other))) || (own < 0 && isOfOther(before, after)))
      return 'other';
    if (this.#ownAfter.test(after)) return 'own';
    if (OTHER_AFTER.test(after)) return 'other';
    return other >= 0 && !isTaken(before.slice(other)) ? 'other' : null;
  }

  /**
   * Whether a word directly before it calls it something else, which is enough for a number in its usual groups; not if it is
   * only called an id.
   */
  isDirectlyOther(text: string, start: number): boolean {
    const before = sentenceBefore(text, start).replace(PLAIN_ID, '');
    const [own, other] = [lastEnd(before, this.#own), lastEnd(before, OTHER)];
    if (own > other || (own >= 0 && own < other && isDirect(before.slice(own)))) return false;
    return (other >= 0 && isDirect(before.slice(other))) || (own < 0 && isOfOther(before, ''));
  }
}

const PLAIN_ID = /(?<!\p{L})ids?(?=[^\p{L}]{0,6}$)/iu;

/** The text before a position, from the last end of a sentence or line on. */
export function sentenceBefore(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - REACH), at);
  let from = 0;
  for (const { index, 0: mark } of before.matchAll(SENTENCE_END)) from = index + mark.length;
  return before.slice(from);
}

/**
 * Abbreviations such as `No.` do not end a sentence; a full stop after a longer word does. A line that ends like a label also
 * names the number below it.
 */
const SENTENCE_END =
  /[;।؟！？]|(?<!(?:[:=#-]|(?<!\p{L})(?:no|num|number|id|nr)\.?|नंबर|संख्या|号|号码|番号)[^\S\n]{0,2})\n|[!?](?=\s)|(?<=[\p{L}]{4}|\d)(?<!(?:nr|no|num|ref|réf|tel|tél|acc|inv))[.。](?=\s)/giu;

/** The end of the last match, -1 if there is none. */
function lastEnd(text: string, words: RegExp): number {
  let end = -1;
  for (const { index, 0: word } of text.matchAll(words)) end = index + word.length;
  return end;
}

const OTHER = new RegExp(OTHER_SUBJECTS, 'gi');
/** What may be between a word and the number that it directly names: `no.`, `number is`, `":"`. */
const FILLER =
  '(?:no|nos|num|numbers?|nr|nummer|numéro|n[uú]mero|n[°ºo]|ids?|code|is|was|are|are the|ist|lautet|est|es|é|hai|ka|ki|id|आईडी|cards?|कार्ड|value|नंबर|नम्बर|संख्या|क्रमांक|है|का|号码|号|號碼|號|是|为|為|番号|は|が|رقم|رقمه|هو|هي)';
const DIRECT = new RegExp(
  `^(?:[\\p{Script=Latin}\\p{Script=Devanagari}\\p{Script=Arabic}\\p{M}]{0,12}|[番号码編编號書书ー]{0,6})(?:[^\\p{L}\\d]{0,4}${FILLER}){0,4}[^\\p{L}\\d]{0,5}$`,
  'iu',
);
/** Whether they belong together; numbers of a list may be between them: `UPI Ref No 1 and 2`. */
const isDirect = (between: string) => DIRECT.test(between.replace(LISTED, ''));
const LISTED =
  /(?<!\d)\d{9,19}(?:[\s,&/、]{1,3}(?:and|or|und|oder|et|ou|y|o|e|और|या|和|与|と|و)?\s?|(?:和|与|と))/giu;

/**
 * Whether the word's number is another one, between them: not if that is as long, as in a list. Also if the word only says
 * what was done with the number: `the transaction on`, `the order was paid with`.
 */
function isTaken(between: string): boolean {
  return LINKED.test(between) || /(?<!\d)\d{1,9}(?!\d)/.test(between) || /\d.*\p{L}{3}/u.test(between);
}

const LINKED =
  /(?:用|[をにで])[^\p{L}\d]{0,4}$|(?<!\p{L})(?:for|on|with|using|by|from|via|to|mit|von|auf|con|avec|par|sur|com|desde|से|पर|लिए|بواسطة|من|في|على)[^\p{L}\d]{1,4}$/iu;

/** What may be between a number and a word after it that says what the number is. */
const LINK =
  '^[\\s,"\'*_)\\]-]{0,4}\\(?(?:(?:is|was|ist|est|es|são|é|era|ye|yeh|mera|meri|mere|my|mein|meine|mon|ma|notre|mi|nuestro|meu|minha|the|our|your|der|die|das|le|la|el|o|an?|hai|as|als|como|comme|是|为|為|这是|我的|這是|が|は|هو|هي|यह|ये|मेरा|मेरी|मेरे|हमारा|है|upi|bank|num[eé]ro|n[uú]mero|nummer|number|de|do|del|رقم|ال)\\s{0,2}){0,6}';
const OTHER_AFTER = new RegExp(`${LINK}(?:${OTHER_SUBJECTS})`, 'iu');
