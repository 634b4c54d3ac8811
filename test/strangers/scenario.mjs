import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { CREATE, PAGE, SEND } from './operations.mjs';
import { loader, View } from './view.mjs';

/**
 * A program that uses the API as a third party would: `node scenario.mjs <client> <url>`. It prints a line of JSON for the
 * conversation and for each event that it has shown, and a last one with what it shows at the end. Then it stops listening,
 * and exits when its standard input ends.
 */
const [name, url] = process.argv.slice(2);

/** The clients wait for seconds before they reconnect, each in its own way; their time runs 20 times as fast. */
for (const timer of ['setTimeout', 'setInterval']) {
  const original = globalThis[timer];
  globalThis[timer] = (callback, ms = 0, ...rest) => original(callback, ms / 20, ...rest);
}

const { connect } = await import(`./clients/${name}.mjs`);
const client = connect(url);
const { id, latestEventCursor } = await create();
const other = await create();
print({ conversationId: id });

const ended = new Set();
const heard = [];
/** Characters of an answer that a replay repeated. */
let repeated = 0;
let hasCutIn = false;
let wake = () => {};
const view = new View(loader(client, id));
let tail = Promise.resolve();
await listened(latestEventCursor, take, async () => {
  await say('Talk about bees.');
  await until(() => ended.size === 2);
});

const refused = await client.request(SEND, { input: { conversationId: id, text: '' } });
print({
  shown: [...view.texts],
  pages: await allPages(),
  afterReset: await shownAfterReset(),
  refused: refused.sendMessage,
  heard: heard.length,
  twice: heard.length - new Set(heard).size,
  repeated,
});
await once(process.stdin.resume(), 'end');
await client.close();

/** Events are shown one after the other: the next can arrive while one is being shown. */
function take(event) {
  heard.push(event.cursor);
  tail = tail.then(() => show(event)).catch(fail);
}

async function show(event) {
  const { __typename: type, turnId, offset } = event;
  if (type === 'TurnTextAdded') repeated += (view.texts.get(turnId) ?? '').length - offset;
  await view.handle(event);
  const text = view.texts.get(turnId) ?? null;
  print({ type, text });
  if (type === 'TurnCompleted' || type === 'TurnInterrupted') ended.add(turnId);
  wake();
  if (hasCutIn || !text?.endsWith('However, ')) return;
  hasCutIn = true;
  await say('Wait! And ants?');
}

/** Listens after a cursor while `work` runs. */
async function listened(after, onEvent, work) {
  let isOver = false;
  const stop = client.listen(id, after, onEvent, (reason) => isOver || fail(reason));
  await work();
  isOver = true;
  stop();
}

async function create() {
  const { createConversation } = await client.request(CREATE);
  return createConversation.conversation;
}

async function say(text) {
  const input = { conversationId: id, text, clientMessageId: randomUUID() };
  const { sendMessage } = await client.request(SEND, { input });
  if (!sendMessage.turnId) fail(sendMessage);
}

/** Every message, a page at a time. */
async function allPages() {
  const pages = [];
  let after = null;
  do {
    const { conversation } = await client.request(PAGE, { id, after });
    const { nodes, pageInfo } = conversation.messages;
    pages.push(nodes.map((node) => [node.id, node.content]));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  return pages;
}

/** What a listener shows whose cursor is of a feed that does not exist. */
async function shownAfterReset() {
  const late = new View(loader(client, id));
  const types = [];
  const onEvent = async (event) => {
    await late.handle(event);
    types.push(event.__typename);
    wake();
  };
  await listened(other.latestEventCursor, onEvent, () => until(() => types.length > 0));
  return { types, shown: [...late.texts] };
}

async function until(isSo) {
  while (!isSo())
    await new Promise((resolve) => {
      wake = resolve;
    });
}

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function fail(reason) {
  process.stderr.write(`${reason instanceof Error ? reason.stack : JSON.stringify(reason)}\n`);
  process.exit(1);
}
