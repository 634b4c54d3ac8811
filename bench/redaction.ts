import { createRedact } from '@taskflow/redaction';
import { TAILS, UNITS, worst } from '../packages/redaction/corpus/worst.ts';

/**
 * Measures the time to redact a million characters of the worst known text for each finder, and twice as many; and the
 * slowest time with each of the tails that may invalidate a finding.
 */
const redact = createRedact({ phoneRegions: ['IN', 'US', 'GB'] });
const LENGTH = Number(process.env.LENGTH ?? 1_000_000);

const row = (...cells: string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
row(`text`, `${LENGTH} characters, ms`, `${LENGTH * 2} characters, ms`, 'ratio', 'slowest tail', 'ms');
row('---', '---', '---', '---', '---', '---');
let slowest = { name: '', tail: '', ms: 0 };
for (const [name, unit] of Object.entries(UNITS)) {
  const [once = 0, twice = 0] = [LENGTH, LENGTH * 2].map((length) => fastest(worst(unit, length)));
  const tails = TAILS.map((tail) => ({ name, tail, ms: fastest(worst(unit, LENGTH, tail)) }));
  const last = tails.reduce((most, each) => (each.ms > most.ms ? each : most));
  if (last.ms > slowest.ms) slowest = last;
  row(
    name,
    ...[once, twice].map((ms) => ms.toFixed(0)),
    (twice / once).toFixed(1),
    JSON.stringify(last.tail),
    last.ms.toFixed(0),
  );
}
process.stdout.write(
  `\nSlowest: ${slowest.name}, then ${JSON.stringify(slowest.tail)}: ${slowest.ms.toFixed(0)} ms of CPU.\n`,
);

/** The fastest of three runs, in milliseconds of CPU, so that other load on the machine has little effect. */
function fastest(text: string): number {
  const times = Array.from({ length: 3 }, () => {
    const begun = process.cpuUsage();
    redact(text);
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}
