import { parseArgs } from 'node:util';
import { pageOf, writePage } from './page.ts';
import type { Outcome, Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

/**
 * Measures TaskFlow beside its peers and against its goals, and writes docs/performance.md if every scenario ran in its own
 * size, or with `--page`. `--only tokens,heap` chooses scenarios; `--seconds`, `--rounds` and `--count` change their sizes.
 * Exits with 1 when a scenario failed, as when a listener did not hear what it should have; a goal that is not reached is
 * reported, and is no failure.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    count: { type: 'string' },
    page: { type: 'boolean' },
  },
});
const names = values.only?.split(',');
const unknown = names?.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown) {
  const known = SCENARIOS.map(({ name }) => name).join(', ');
  process.stderr.write(`bench: there is no scenario "${unknown}"; there are ${known}\n`);
  process.exit(1);
}
const sizes = {
  seconds: numberOf(values.seconds),
  rounds: numberOf(values.rounds),
  count: numberOf(values.count),
};
const isWhole = names === undefined && Object.values(sizes).every((size) => size === undefined);

let hasFailed = false;
const outcomes: [Scenario, Outcome][] = [];
for (const scenario of SCENARIOS) {
  if (names && !names.includes(scenario.name)) continue;
  process.stderr.write(`bench: ${scenario.name} …\n`);
  const outcome = await scenario.run(sizes).catch((error: Error) => failed(scenario, error));
  outcomes.push([scenario, outcome]);
  process.stdout.write(`${outcome.details.join('\n')}\n`);
  for (const { what, goal, measured, isReached } of outcome.findings)
    process.stdout.write(`${what}: ${measured}; goal ${goal}: ${isReached ? 'reached' : 'NOT REACHED'}\n`);
  // Each time, so that a run that is interrupted leaves what it has measured.
  if (isWhole || values.page) writePage(pageOf(outcomes, process.argv.slice(2)));
}
process.exit(hasFailed ? 1 : 0);

function failed({ name }: Scenario, error: Error): Outcome {
  hasFailed = true;
  process.stderr.write(`${error.stack}\n`);
  const measured = `failed: ${error.message.slice(0, 200)}`;
  return { findings: [{ what: name, goal: 'no fault', measured, isReached: false }], details: [] };
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (number > 0) return number;
  process.stderr.write(`bench: "${text}" is not a size\n`);
  process.exit(1);
}
