import type { Finding } from './finding.ts';
import type { Cues } from './phone-cues.ts';
import { dialled } from './phone-numbers.ts';
import { type PhonePlan, PLANS_BY_CALLING_CODE } from './phone-plans.ts';

/** North America's form, also of numbers that are not given out, as in examples: `(555) 123-4567`, `555-123-4567`. */
const AMERICAN = /(?<![\w(/:.+-])(?:\(\d{3}\) ?\d{3}[-. ]\d{4}|[2-9]\d{2}-\d{3}-\d{4})(?!\w|[-/:.]\d)/g;
/** India's mobile numbers and North America's with a colon, a slash or an underscore: `98765/43210`, `202:555:0123`. */
const MARKED = /(?<![\w(/:.+-])(?:[6-9]\d{4} ?[:/_] ?\d{5}|[2-9]\d{2}([:/_])\d{3}\1\d{4})(?!\w|[-/:.]\d)/g;

/** Japan's national numbers: `03-1234-5678`. */
const JAPANESE = /(?<![\w(/:.+-])0\d{1,3}-\d{1,4}-\d{3,4}(?!\w|[-/:.]\d)/g;
const JAPAN = PLANS_BY_CALLING_CODE.get('81') ?? [];

/** Telephone numbers by a form that hardly anything else has, unless a word calls them something else. */
export function* findPhoneForms(text: string, cues: Cues, plans: readonly PhonePlan[]): Generator<Finding> {
  for (const { index: start, 0: written } of text.matchAll(AMERICAN)) {
    const end = start + written.length;
    if (cues.of(start, end) !== 'other') yield { kind: 'PHONE', start, end };
  }
  for (const { index: start, 0: written } of text.matchAll(JAPANESE)) {
    const end = start + written.length;
    const isValid = JAPAN.some((plan) => plan.national(written.replaceAll('-', '')));
    if (isValid && cues.of(start, end) !== 'other') yield { kind: 'PHONE', start, end };
  }
  for (const { index: start, 0: written } of text.matchAll(MARKED)) {
    const end = start + written.length;
    if (dialled(plans, written.replace(/\D/g, ''), written) && cues.of(start, end) !== 'other')
      yield { kind: 'PHONE', start, end };
  }
}
