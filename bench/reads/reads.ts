import { join } from 'node:path';
import { fromNodeId } from '../../server/graphql/ids.ts';
import { createConversations } from '../delivery/create-conversations.ts';
import { documentOf } from '../delivery/document.ts';
import { medianOf } from '../delivery/rounds.ts';
import { NO_LIMITS } from '../no-limits.ts';
import { type BenchProcess, startProcess } from '../process.ts';
import { atLeast, type Scenario } from '../scenario.ts';
import { startBenchSystem } from '../system.ts';
import { fillConversation } from './fill-conversation.ts';

/** Requests under way at once. */
const AT_ONCE = 4;
/** Before it is measured each side answers so many: until then it is mostly V8's compilers that work. */
const WARM_REQUESTS = 2_000;

export const reads: Scenario = {
  name: 'reads',
  title: 'Lists and pages of messages',
  method:
    "The first 20 conversations of the list, and the last 50 messages of a conversation, by the web client's own documents over HTTP; beside them a bare HTTP server with plain pg and JSON.stringify on the same rows. Requests per second of the processor time of the server, four at a time, in rounds that alternate, after 2,000 requests to each. TaskFlow's page also reads the feed in Redis for the answer that is being spoken.",
  async run({ seconds = 0.5, rounds = 5 }) {
    const system = await startBenchSystem({ ...NO_LIMITS, WORKER_GRACE_MS: '1' });
    const bare = await startProcess(join(import.meta.dirname, 'bare-server.ts'), system.env);
    try {
      const ids = await createConversations(system.url, 25);
      const id = String(ids[0]);
      const row = String(fromNodeId(id)?.id);
      await fillConversation(String(system.env.DATABASE_URL), row, 60);
      const ask = (name: string, variables: object): Ask => ({
        process: system.server,
        fetch: () => post(`${system.url}/graphql`, { query: documentOf('query', name), variables }),
      });
      const get = (path: string): Ask => ({ process: bare, fetch: () => fetch(`${bare.url}${path}`) });
      const pairs = [
        {
          what: 'list of 20 conversations',
          own: ask('Conversations', { first: 20 }),
          bare: get('/conversations'),
          shown: 20,
        },
        {
          what: 'page of 50 messages',
          own: ask('LoadThread', { id }),
          bare: get(`/messages?id=${row}`),
          shown: 50,
        },
      ];
      const findings = [];
      const details = ['| what | TaskFlow | bare | ratio |', '|---|---|---|---|'];
      for (const { what, own, bare: other, shown } of pairs) {
        for (const side of [own, other]) {
          await check(side, shown);
          await warm(side);
        }
        const measured: [number, number][] = [];
        for (let i = 0; i < rounds; i++)
          measured.push([await perCpuSecond(own, seconds), await perCpuSecond(other, seconds)]);
        const ratio = medianOf(measured.map(([mine, theirs]) => mine / theirs));
        findings.push(
          atLeast(`${what}, requests per server CPU second as a share of plain pg and JSON`, 0.4, ratio),
        );
        const [mine, theirs] = [0, 1].map((side) =>
          medianOf(measured.map((pair) => pair[side] ?? 0)).toFixed(0),
        );
        details.push(`| ${what} | ${mine} | ${theirs} | ${ratio.toFixed(2)} |`);
      }
      return { findings, details: [`${rounds} rounds of ${seconds} s of processor time.`, '', ...details] };
    } finally {
      await bare.stop();
      await system.stop();
    }
  },
};

interface Ask {
  process: BenchProcess;
  fetch(): Promise<Response>;
}

function post(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Of a document that is known, too. @throws when an answer does not have so many rows, or another one the second time */
async function check({ fetch: ask }: Ask, shown: number): Promise<void> {
  const text = await (await ask()).text();
  if ((await (await ask()).text()) !== text) throw new Error(`another answer than ${text.slice(0, 300)}`);
  // Only rows have the time of their creation; the conversation around messages is one, too.
  const rows = text.match(/"created_?at":/gi)?.length ?? 0;
  if (rows < shown || rows > shown + 1)
    throw new Error(`${rows} rows instead of ${shown}: ${text.slice(0, 300)}`);
}

async function warm({ fetch: ask }: Ask): Promise<void> {
  const asker = async () => {
    for (let i = 0; i < WARM_REQUESTS / AT_ONCE; i++) await (await ask()).arrayBuffer();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, asker));
}

/** Requests per second of a server's processor time. */
async function perCpuSecond({ process, fetch: ask }: Ask, seconds: number): Promise<number> {
  const begun = process.cpuSeconds();
  let answered = 0;
  const asker = async () => {
    while (process.cpuSeconds() - begun < seconds) {
      const response = await ask();
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`a request failed with ${response.status}`);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, asker));
  return answered / (process.cpuSeconds() - begun);
}
