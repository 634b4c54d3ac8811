import { readFile, writeFile } from 'node:fs/promises';
import { createRedact } from '@taskflow/redaction';
import { report, withReport } from '../packages/redaction/corpus/report.ts';
import { score } from '../packages/redaction/corpus/score.ts';

/** Measures the redaction on its corpus and writes the table into its document. */
const document = new URL('../packages/redaction/README.md', import.meta.url);
const measured = score(createRedact({ phoneRegions: ['IN', 'US', 'GB'] }));
await writeFile(document, withReport(await readFile(document, 'utf8'), report(measured)));
