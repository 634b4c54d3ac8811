import { REDACTION_KINDS, type RedactionKind } from '../src/finding.ts';
import type { Redact } from '../src/redact.ts';
import { type Corpus, hardCorpus, languageCorpus, madeCorpus } from './corpus.ts';

export interface KindScore {
  kind: RedactionKind;
  samples: number;
  found: number;
  /** The number of wrong labels of this kind, in positives and negatives. */
  wrong: number;
}

/** The results of the finders on a corpus. */
export interface Tally {
  kinds: KindScore[];
  /** The number of texts. */
  positives: number;
  negatives: number;
  /** Descriptions of the failed samples. */
  misses: string[];
}

/** The results on all texts, and on the hard texts only. */
export interface Score extends Tally {
  hard: Tally;
}

export function score(redact: Redact): Score {
  const [made, spoken, hard] = [madeCorpus(), languageCorpus(), hardCorpus()];
  const all = {
    positives: [...made.positives, ...spoken.positives, ...hard.positives],
    negatives: [...made.negatives, ...spoken.negatives, ...hard.negatives],
  };
  return { ...tally(redact, all), hard: tally(redact, hard) };
}

/** A value counts as found if a finding has its kind and exactly its bounds. */
function tally(redact: Redact, { positives, negatives }: Corpus): Tally {
  const kinds = new Map(REDACTION_KINDS.map((kind) => [kind, { kind, samples: 0, found: 0, wrong: 0 }]));
  const misses: string[] = [];
  for (const { text, expected } of [...positives, ...negatives.map((text) => ({ text, expected: [] }))]) {
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
  return { kinds: [...kinds.values()], positives: positives.length, negatives: negatives.length, misses };
}

/** The sum over all kinds. */
export function total({ kinds }: Tally): Omit<KindScore, 'kind'> {
  const sum = (key: 'samples' | 'found' | 'wrong') => kinds.reduce((all, each) => all + each[key], 0);
  return { samples: sum('samples'), found: sum('found'), wrong: sum('wrong') };
}

export const recall = ({ found, samples }: Pick<KindScore, 'found' | 'samples'>) => found / samples;
export const precision = ({ found, wrong }: Pick<KindScore, 'found' | 'wrong'>) => found / (found + wrong);
