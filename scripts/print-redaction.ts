import { readFile, writeFile } from 'node:fs/promises';
import { createRedact } from '../core/redaction/redact.ts';
import { report, withReport } from '../test/redaction/report.ts';
import { score } from '../test/redaction/score.ts';

/** Measures the redaction on its corpus and writes the table into its document. */
const document = new URL('../docs/redaction.md', import.meta.url);
const measured = score(createRedact({ phoneRegions: ['IN', 'US', 'GB'] }));
await writeFile(document, withReport(await readFile(document, 'utf8'), report(measured)));
