import type { Finding } from './finding.ts';

/**
 * Permanent account numbers of the Indian tax office: five letters, four digits, a letter; the fourth letter is the kind of
 * holder (person, company, trust, firm, ...). All capitals or all small letters. No Latin character is next to it, except
 * `pan_` before it; text in a script without blanks may be.
 */
const PAN =
  /(?:(?<![\p{Script=Latin}\p{N}_])|(?<=(?<![A-Za-z0-9])[Pp][Aa][Nn]_))(?:[A-Z]{3}[ABCFGHJKLPT][A-Z]\d{4}[A-Z]|[a-z]{3}[abcfghjklpt][a-z]\d{4}[a-z])(?![\p{Script=Latin}\p{N}_])/gu;

/** All hexadecimal: probably a shortened hash. */
const HASH = /^[0-9a-f]+$/;

export function* findPans(text: string): Generator<Finding> {
  for (const { index, 0: pan } of text.matchAll(PAN))
    if (pan.slice(5, 9) !== '0000' && !HASH.test(pan))
      yield { kind: 'PAN', start: index, end: index + pan.length };
}
