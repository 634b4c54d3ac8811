import { readFileSync } from 'node:fs';
import { isAcknowledgement } from '../core/floor/acknowledgement.ts';
import { labelledLines } from '../core/floor/labelled-lines.ts';
import { percentile } from './percentiles.ts';

/**
 * Measures the time to distinguish an acknowledgement from a wish to speak: the first call, which reads the lexicon; lines that are
 * read for the first time, which is what users' lines mostly are, in a new process and in one that has read others; every line of
 * the development set once it has been read, and the slowest five; and long messages.
 */
const CALLS = 500;
const linesOf = (set: string) => {
  const file = new URL(`../core/floor/acknowledgements.${set}.tsv`, import.meta.url);
  return labelledLines(readFileSync(file, 'utf8')).map(({ text }) => text);
};
const texts = linesOf('dev');
const LONG = ['ok ', 'haha', 'thanks for the ', '好', '👍', 'あ', '\u0301'].map((piece) => ({
  name: `${JSON.stringify(piece)} repeated`,
  full: piece.repeat(Math.ceil(32_000 / piece.length)).slice(0, 32_000),
  read: piece.repeat(Math.floor(120 / piece.length)),
}));

const row = (...cells: string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
const begun = process.cpuUsage();
isAcknowledgement('ok');
process.stdout.write(`First call: ${(process.cpuUsage(begun).user / 1_000).toFixed(0)} ms of CPU\n\n`);
reportFirstSight('in a process that has read nothing', 'held-out-4');
for (let round = 0; round < 20; round++) for (const text of texts) isAcknowledgement(text);
reportFirstSight(`in one that has read ${texts.length} others`, 'held-out-5');

const timed = texts.map((text) => ({ text, us: microseconds(text) })).sort((a, b) => b.us - a.us);
const mean = timed.reduce((sum, { us }) => sum + us, 0) / timed.length;
row('text', 'µs of CPU a call');
row('---', '---');
row(`all ${timed.length} lines, mean`, mean.toFixed(1));
for (const { text, us } of timed.slice(0, 5)) row(JSON.stringify(text), us.toFixed(1));
for (const { name, full, read } of LONG) {
  row(`${name}, 32,000 characters`, microseconds(full).toFixed(1));
  row(`${name}, ${read.length} characters`, microseconds(read).toFixed(1));
}

/** The time of each line of a set, read once. */
function reportFirstSight(where: string, set: string): void {
  const took = linesOf(set)
    .map((text) => {
      const start = performance.now();
      isAcknowledgement(text);
      return (performance.now() - start) * 1_000;
    })
    .sort((a, b) => a - b);
  const mean = took.reduce((sum, us) => sum + us, 0) / took.length;
  const [p50, p95, p99] = [50, 95, 99].map((share) => percentile(took, share).toFixed(0));
  process.stdout.write(
    `At first sight, ${where}, µs elapsed: mean ${mean.toFixed(0)}, p50 ${p50}, p95 ${p95}, p99 ${p99}\n\n`,
  );
}

/** The fastest of five runs, each the mean of many calls, so that other load on the machine has little effect. */
function microseconds(text: string): number {
  const runs = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    for (let call = 0; call < CALLS; call++) isAcknowledgement(text);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / CALLS;
  });
  return Math.min(...runs);
}
