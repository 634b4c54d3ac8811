import { REDACTION_KINDS, type RedactionKind } from '../../core/redaction/finding.ts';
import type { Redact } from '../../core/redaction/redact.ts';
import { negatives, positives } from './corpus.ts';

export interface KindScore {
  kind: RedactionKind;
  samples: number;
  found: number;
  /** What was labelled so and is not, in positives and negatives. */
  wrong: number;
}

export interface Score {
  kinds: KindScore[];
  positives: number;
  negatives: number;
  /** Samples that went wrong, for people. */
  misses: string[];
}

/** A value counts as found when the finding has its kind and its very bounds. */
export function score(redact: Redact): Score {
  const kinds = new Map(REDACTION_KINDS.map((kind) => [kind, { kind, samples: 0, found: 0, wrong: 0 }]));
  const misses: string[] = [];
  const texts = { positives: positives(), negatives: negatives() };
  for (const { text, expected } of [
    ...texts.positives,
    ...texts.negatives.map((text) => ({ text, expected: [] })),
  ]) {
    const left = [...redact(text).findings];
    for (const { kind, start, end } of expected) {
      const counts = kinds.get(kind) as KindScore;
      counts.samples++;
      const at = left.findIndex((each) => each.kind === kind && each.start === start && each.end === end);
      if (at === -1) misses.push(`missed ${kind}: ${JSON.stringify(text)} -> ${redact(text).text}`);
      else {
        counts.found++;
        left.splice(at, 1);
      }
    }
    for (const { kind, start, end } of left) {
      (kinds.get(kind) as KindScore).wrong++;
      misses.push(`wrong ${kind}: ${JSON.stringify(text)}: ${JSON.stringify(text.slice(start, end))}`);
    }
  }
  return {
    kinds: [...kinds.values()],
    positives: texts.positives.length,
    negatives: texts.negatives.length,
    misses,
  };
}

export const recall = ({ found, samples }: Pick<KindScore, 'found' | 'samples'>) => found / samples;
export const precision = ({ found, wrong }: Pick<KindScore, 'found' | 'wrong'>) => found / (found + wrong);
