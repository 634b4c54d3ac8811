import type { Score } from './score.ts';
import { precision, recall } from './score.ts';

/** The table of docs/redaction.md. */
export function report({ kinds, positives, negatives }: Score): string {
  const rows = kinds.map((each) =>
    `| `.concat(
      `\`[${each.kind}]\` | ${each.samples} | ${ratio(recall(each))} | ${ratio(precision(each))} |`,
    ),
  );
  const found = kinds.reduce((sum, each) => sum + each.found, 0);
  const wrong = kinds.reduce((sum, each) => sum + each.wrong, 0);
  return [
    `${positives} texts with something to find, ${negatives} with nothing.`,
    '',
    '| label | texts | recall | precision |',
    '|---|---|---|---|',
    ...rows,
    `| all | ${positives} | ${ratio(found / positives)} | ${ratio(precision({ found, wrong }))} |`,
  ].join('\n');
}

const ratio = (value: number) => value.toFixed(3);

const BEGIN = '<!-- measured: npm run generate -->';
const END = '<!-- end -->';

/** The document with its table as it is measured now. */
export function withReport(document: string, table: string): string {
  const [before = '', rest = ''] = document.split(BEGIN);
  const after = rest.split(END)[1] ?? '';
  return `${before}${BEGIN}\n${table}\n${END}${after}`;
}
