import type { Label, LabelledLine } from '../core/floor/labelled-lines.ts';
import { eachFeature, FEATURES } from '../core/floor/line-classifier.ts';
import { clausesOf } from '../core/floor/tokens.ts';
import { SeededRandom } from '../test/support/seeded-random.ts';

/** How often each example is seen. */
const EPOCHS = 12;
const RATE = 0.2;
/** For each acknowledgement, how many lines of two are made, of either label. */
const PAIRS = 0.5;
/** UTF-16 code units. Such acknowledgements are put before others, as people do. */
const SHORT = 16;
const WEIGHT_LIMIT = 127;

/** Weights in steps of `step`. */
interface TrainedModel {
  readonly weights: ArrayLike<number>;
  readonly bias: number;
  readonly step: number;
}

interface Example {
  readonly features: Int32Array;
  readonly isAcknowledgement: boolean;
}

/**
 * Logistic regression by stochastic gradient descent with a rate for each weight (AdaGrad, Duchi et al. 2011). Besides the lines,
 * pairs of them are learned: an acknowledgement before another one is one, and before or after a wish it is a wish. Weights are whole
 * numbers of steps. The same lines give the same model.
 */
export function trainLineModel(lines: readonly LabelledLine[]): TrainedModel {
  const random = new SeededRandom(1);
  const examples = examplesOf(lines, random);
  const weights = new Float64Array(FEATURES);
  const squares = new Float64Array(FEATURES);
  let bias = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    random.shuffle(examples);
    for (const { features, isAcknowledgement } of examples) {
      const share = 1 / Math.sqrt(features.length);
      let odds = bias;
      for (const feature of features) odds += (weights[feature] ?? 0) * share;
      const error = 1 / (1 + Math.exp(-odds)) - (isAcknowledgement ? 1 : 0);
      bias -= 0.01 * error;
      const slope = error * share;
      for (const feature of features) {
        const square = (squares[feature] ?? 0) + slope * slope;
        squares[feature] = square;
        weights[feature] = (weights[feature] ?? 0) - (RATE * slope) / Math.sqrt(square + 1e-8);
      }
    }
  }
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const step = largest / WEIGHT_LIMIT;
  return { weights: weights.map((weight) => Math.round(weight / step)), bias, step };
}

/** The lines, and pairs of lines of one language. A line with a question mark is no example: it is read without the model. */
function examplesOf(lines: readonly LabelledLine[], random: SeededRandom): Example[] {
  const examples: Example[] = [];
  const add = (text: string, isAcknowledgement: boolean) => {
    const clauses = clausesOf(text);
    if (!clauses) return;
    const features: number[] = [];
    eachFeature(clauses, (feature) => features.push(feature));
    examples.push({ features: Int32Array.from(features), isAcknowledgement });
  };
  for (const { text, label } of lines) add(text, label === 'ack');
  for (const language of new Set(lines.map((line) => line.language))) {
    const textsOf = (label: Label) =>
      lines.filter((line) => line.language === language && line.label === label).map(({ text }) => text);
    const acknowledgements = textsOf('ack');
    const wishes = textsOf('speak');
    const short = acknowledgements.filter(({ length }) => length <= SHORT);
    for (let n = 0; n < acknowledgements.length * PAIRS; n++) {
      add(`${random.pick(short)}, ${random.pick(acknowledgements)}`, true);
      add(`${random.pick(short)}, ${random.pick(wishes)}`, false);
      if (n % 3 === 0) add(`${random.pick(wishes)}, ${random.pick(short)}`, false);
    }
  }
  return examples;
}

/** The source of `core/floor/line-model.ts`. */
export function lineModelModule({ weights, bias, step }: TrainedModel): string {
  const packed = Buffer.from(Int8Array.from(weights).buffer).toString('base64');
  return `import type { LineModel } from './line-classifier.ts';

// Written by \`npm run generate\`, from the labelled lines and the lexicon of this folder.

const STEP = ${step};
/** Weights in steps, an Int8 each, in base64. */
const WEIGHTS =
  '${packed}';

export const LINE_MODEL: LineModel = {
  weights: Float32Array.from(new Int8Array(Buffer.from(WEIGHTS, 'base64')), (weight) => weight * STEP),
  bias: ${bias},
};
`;
}
