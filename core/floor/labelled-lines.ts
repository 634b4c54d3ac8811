/** What a person would call a line: `ack` an acknowledgement, `speak` a wish to speak. */
export type Label = 'ack' | 'speak';

export interface LabelledLine {
  /** BCP 47. */
  readonly language: string;
  readonly label: Label;
  readonly text: string;
}

/** What a rule called wrongly, of the lines with one label. */
export interface Score {
  readonly lines: number;
  readonly wrong: readonly LabelledLine[];
}

/** Reads lines of language, label and text with a tab between them. Throws at a line of another form. */
export function labelledLines(tsv: string): LabelledLine[] {
  return tsv
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => {
      const [language, label, ...text] = line.split('\t');
      if (!language || (label !== 'ack' && label !== 'speak') || text.length !== 1)
        throw new Error(`Not a language, a label and a text: ${JSON.stringify(line)}`);
      return { language, label, text: text.join() };
    });
}

/** For each label how many lines have it, and which of them `isAcknowledgement` called otherwise. */
export function scoreLines(
  lines: readonly LabelledLine[],
  isAcknowledgement: (text: string) => boolean,
): Record<Label, Score> {
  const scoreOf = (label: Label): Score => {
    const own = lines.filter((line) => line.label === label);
    return {
      lines: own.length,
      wrong: own.filter(({ text }) => isAcknowledgement(text) !== (label === 'ack')),
    };
  };
  return { ack: scoreOf('ack'), speak: scoreOf('speak') };
}
