import { parseArgs } from 'node:util';
import { openBrowser } from '../test/support/browser.ts';
import { MeasuredTab } from './client/measured-tab.ts';
import { plantThread } from './client/planted-thread.ts';
import { percentile } from './percentiles.ts';
import { startBenchSystem } from './system.ts';

/**
 * Measures threads of the web client in Chromium, each beside an empty one in the same run, in rounds that alternate between
 * them: time per key, frames per second and long tasks while answers of `tokens` tokens in all are streamed, the bytes that it
 * receives, its heap and its nodes. Figures are medians of the rounds; ratios over 1 are better than the empty thread.
 */
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '500,10000' },
    tokens: { type: 'string', default: '30000' },
    rounds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '300' },
    keys: { type: 'string', default: '60' },
  },
});
const [tokens, rounds, rate, keys] = [values.tokens, values.rounds, values.rate, values.keys].map(Number);
if (!tokens || !rounds || !rate || !keys) throw new Error('tokens, rounds, rate and keys are numbers over 0');

const system = await startBenchSystem();
const browser = await openBrowser();
try {
  const tabs: MeasuredTab[] = [];
  for (const messages of [0, ...values.messages.split(',').map(Number)]) {
    const begun = performance.now();
    const id = await plantThread(system, messages);
    tabs.push(await MeasuredTab.open(browser, system.url, id, messages));
    note(`${messages} messages loaded in ${Math.round(performance.now() - begun)} ms`);
  }
  const opened = await Promise.all(tabs.map(costOf));
  for (let round = 0; round < rounds; round++) {
    for (const tab of tabs) {
      await tab.type(keys);
      await tab.stream(system, tokens / rounds, rate);
      note(`round ${round + 1}, ${tab.messages} messages`);
    }
  }
  const columns = await Promise.all(
    tabs.map(async (tab, at) => columnOf(tab, opened[at] ?? (await costOf(tab)), await costOf(tab))),
  );
  print(columns);
} finally {
  await browser.close();
  await system.stop();
}
process.exit(0);

interface Cost {
  received: number;
  heap: number;
  nodes: number;
}

async function costOf(tab: MeasuredTab): Promise<Cost> {
  return { received: tab.received, heap: await tab.heap(), nodes: await tab.nodes() };
}

/** One thread's figures by what they measure; `more` is better, or less. */
function columnOf(tab: MeasuredTab, before: Cost, after: Cost) {
  return {
    messages: tab.messages,
    rows: [
      row('frames per second', percentile(tab.framesPerSecond, 50), 'more'),
      row('from key to frame, ms, p50', percentile(tab.keys, 50), 'less'),
      row('from key to frame, ms, p95', percentile(tab.keys, 95), 'less'),
      row('main thread busy per key, ms', percentile(tab.keyWork, 50), 'less'),
      row(
        `long tasks per answer of ${Number(tokens) / Number(rounds)} tokens`,
        percentile(tab.longTasks, 50),
      ),
      row('longest task, ms', tab.longestTask),
      row(`received over ${tokens} tokens, KB`, (after.received - before.received) / 1e3),
      row('heap before, MB', before.heap / 1e6),
      row(`heap grown over ${tokens} tokens, MB`, (after.heap - before.heap) / 1e6),
      row('nodes of the document', after.nodes),
    ],
  };
}

function row(what: string, value: number, better: 'more' | 'less' | null = null) {
  return { what, value, better };
}

function print(columns: readonly ReturnType<typeof columnOf>[]): void {
  const [empty] = columns;
  const line = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
  line(['', ...columns.map(({ messages }) => (messages ? `${messages} messages` : 'empty thread'))]);
  line(columns.map(() => '---').concat('---'));
  for (const [at, { what, value: base }] of empty?.rows.entries() ?? []) {
    const cells = columns.map(({ rows }) => {
      const { value, better } = rows[at] ?? row(what, Number.NaN);
      const ratio = better === 'less' ? base / value : value / base;
      const beside = rows === empty?.rows || better === null ? '' : ` (${ratio.toFixed(2)})`;
      return `${value.toFixed(1)}${beside}`;
    });
    line([what, ...cells]);
  }
}

function note(text: string): void {
  process.stderr.write(`client: ${text}\n`);
}
