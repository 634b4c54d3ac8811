import type { Finding } from './finding.ts';

/**
 * Numbers of the Indian goods and services tax: the state's two digits, the holder's PAN, an entity's number, a letter that is
 * almost always Z, a check character (GSTN). The form is so specific that the check character is not needed, and a mistyped
 * number still has the PAN. Blanks or dashes may be between the parts.
 */
const GSTIN =
  /(?<![\p{Script=Latin}\p{N}])(?:0[1-9]|[12]\d|3[0-8]|9[679])[ -]?[A-Z]{5}[ -]?\d{4}[ -]?[A-Z][ -]?[1-9A-Z][ -]?[A-Z][ -]?[0-9A-Z](?![\p{Script=Latin}\p{N}])/giu;

export function* findGstins(text: string): Generator<Finding> {
  for (const { index: start, 0: found } of text.matchAll(GSTIN))
    if (!/[ -]/.test(found) || /Z[ -]?.$/i.test(found))
      yield { kind: 'GSTIN', start, end: start + found.length };
}
