import { precision, recall, type Score, total } from './score.ts';

/** The table for packages/redaction/README.md. */
export function report({ kinds, positives, negatives, hard, ...rest }: Score): string {
  const all = total({ kinds, positives, negatives, ...rest });
  const row = (label: string, each: typeof all) =>
    `| ${label} | ${each.samples} | ${ratio(recall(each))} | ${ratio(precision(each))} |`;
  return [
    `${positives} texts with ${all.samples} values to find, ${negatives} texts without any.`,
    '',
    '| label | values | recall | precision |',
    '|---|---|---|---|',
    ...kinds.map((each) => row(`\`[${each.kind}]\``, each)),
    row('all', all),
    row(`the hard texts among them, ${hard.positives} and ${hard.negatives}`, total(hard)),
  ].join('\n');
}

const ratio = (value: number) => value.toFixed(3);

const BEGIN = '<!-- measured: npm run generate -->';
const END = '<!-- end -->';

/** The document with the current table. */
export function withReport(document: string, table: string): string {
  const [before = '', rest = ''] = document.split(BEGIN);
  const after = rest.split(END)[1] ?? '';
  return `${before}${BEGIN}\n${table}\n${END}${after}`;
}
