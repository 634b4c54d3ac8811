import { setTimeout as delay } from 'node:timers/promises';
import { openSilently, sendBodySlowly, sendHeadersSlowly } from './slow-connections.ts';
import { ask, closeOf, openSocket, post, type Target } from './target.ts';
import { mutateTooOften, sayTooMuch, subscribeAndComplete, subscribeToEvents } from './too-many.ts';

export interface Attack {
  name: string;
  /** How many of it run at once. */
  connections: number;
  /** One connection of it, until the process is killed. */
  run(target: Target): Promise<void>;
}

/** What one caller can do to take the service from the others. A further attack is one more entry. */
export const ATTACKS: readonly Attack[] = [
  { name: 'answers of many bytes', connections: 4, run: askForBytes },
  { name: 'sockets that read nothing: pings', connections: 4, run: pingWithoutReading },
  { name: 'sockets that read nothing: queries', connections: 4, run: queryWithoutReading },
  { name: 'responses that are not read', connections: 8, run: requestWithoutReading },
  { name: 'documents that are slow to validate', connections: 6, run: sendSlowDocuments },
  { name: '1,500 subscriptions with events', connections: 2, run: subscribeToEvents },
  { name: '5,000 subscriptions that complete', connections: 2, run: subscribeAndComplete },
  { name: '2,000 bodies that are sent slowly', connections: 2_000, run: sendBodySlowly },
  { name: '2,000 headers that are sent slowly', connections: 2_000, run: sendHeadersSlowly },
  { name: 'handshakes without connection_init', connections: 20, run: openSilently },
  { name: 'mutations above the limits', connections: 8, run: mutateTooOften },
  { name: 'messages above the limits', connections: 8, run: sayTooMuch },
];

const times = (count: number, one: (n: number) => string) => Array.from({ length: count }, (_, n) => one(n));
/** So that no document is the same as one before. */
const unique = () => `# ${Math.random()}\n`;

/** Answers that are long by aliases of a long field, by long names, and by the schema's own description. */
const LARGE = [
  messages(times(30, (n) => `a${n}: content`).join(' ')),
  messages(times(4, (n) => `a${n}: content`).join(' ')),
  messages(`${'a'.repeat(150_000)}: id`),
  `{ ${times(20, (n) => `s${n}: __schema { types { ...T } }`).join(' ')} }
   fragment T on __Type { name description fields { name description type { name } args { name description } } }`,
  `query($id: ID!) { ${times(40, (n) => `c${n}: conversation(id: $id) { messages(first: 100) { nodes { id } } }`).join(' ')} }`,
];

function messages(fields: string): string {
  return `query($id: ID!) { conversation(id: $id) { messages(first: 100) { nodes { ${fields} } } } }`;
}

async function askForBytes(target: Target): Promise<void> {
  for (let n = 0; ; n++) await ask(target, LARGE[n % LARGE.length] ?? '', { id: target.conversationId });
}

async function pingWithoutReading(target: Target): Promise<void> {
  const ping = JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(500_000) } });
  for (;;) await flood(target, () => ping);
}

async function queryWithoutReading(target: Target): Promise<void> {
  const payload = { query: messages('content'), variables: { id: target.conversationId } };
  for (;;) await flood(target, (n) => JSON.stringify({ id: String(n), type: 'subscribe', payload }));
}

/** Sends as much as the server reads, on a socket that reads nothing, until it is closed. */
async function flood(target: Target, message: (n: number) => string): Promise<void> {
  const socket = await openSocket(target);
  if (!socket) return;
  const closed = closeOf(socket);
  socket.pause();
  for (let n = 0; socket.readyState === socket.OPEN && n < 5_000; n++) {
    await Promise.race([new Promise((sent) => socket.send(message(n), sent)), closed, delay(1_000)]);
  }
  // A socket that is paused does not see that the other side has closed it.
  await delay(1_000);
  socket.terminate();
}

/** Requests the largest honest page, and leaves its response unread for 5 s. */
async function requestWithoutReading(target: Target): Promise<void> {
  for (;;) {
    const abort = new AbortController();
    const asked = post(target, messages('content'), { id: target.conversationId }, abort.signal);
    await Promise.race([asked.catch(() => {}), delay(10_000)]);
    await delay(5_000);
    abort.abort();
  }
}

/** Documents whose validation compares many fields with each other, or finds many faults. */
const SLOW: readonly (() => string)[] = [
  () => `{ viewer { ${'id '.repeat(1_980)} } }`,
  () => `{ viewer { ${times(990, (n) => `a: id${n % 2} `).join('')} } }`,
  () => `{ ${'viewer { id } '.repeat(490)} }`,
  () =>
    `{ ${'...F '.repeat(300)} } ${times(150, (n) => `fragment ${n ? `F${n}` : 'F'} on Query { viewer { ...F${n + 1} } }`).join(' ')}`,
  () =>
    `{ ${times(220, (n) => `...F${n}`).join(' ')} } ${times(220, (n) => `fragment F${n} on Query { viewer { id } }`).join(' ')}`,
  () => `{ ${times(1_900, (n) => `conversatio${n}`).join(' ')} }`,
  () => `{ ${'a'.repeat(190_000)} }`,
];

async function sendSlowDocuments(target: Target): Promise<void> {
  for (let n = 0; ; n++) {
    const document = SLOW[n % SLOW.length] ?? (() => '');
    await ask(target, unique() + document(), {});
  }
}
