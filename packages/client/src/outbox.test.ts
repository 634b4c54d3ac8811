import { expect, it } from 'vitest';
import { type KeptTexts, keptItems } from './kept-items.ts';
import { type InThread, Outbox, type Send } from './outbox.ts';
import { settled } from './testing.ts';

type Answer = Awaited<ReturnType<Send>>;

/** An outbox whose ids begin with `device`, and its calls to the server, which the test answers. */
function outboxWithServer(device = 'id') {
  const calls: { text: string; id: string; answer(answer: Answer): Promise<void> }[] = [];
  let ids = 0;
  const outbox = new Outbox(
    ({ text, clientMessageId: id }) =>
      new Promise((resolve) =>
        calls.push({
          text,
          id,
          answer: async (answer) => {
            resolve(answer);
            await settled();
          },
        }),
      ),
    () => `${device}${++ids}`,
  );
  return { outbox, calls };
}

const user = (id: string, clientMessageId: string | null): InThread => ({ id, clientMessageId });
const REFUSED = { clientMessageId: 'id1', isAccepted: false, isAnswered: false };
const problem = { text: 'unavailable', retryable: true };

it('shows a message at once, and then under the id that the server gave it, with the turn that answers it', async () => {
  const { outbox, calls } = outboxWithServer();
  void outbox.send(' hi ');
  expect(outbox.getSnapshot()).toMatchObject([{ text: 'hi', status: 'sending', messageId: null }]);
  await settled();
  await calls[0]?.answer({ messageId: 'm1', turnId: 't1' });
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'sent', messageId: 'm1', turnId: 't1' }]);
});

it('a message that comes into the thread before its request is answered has arrived, whatever the answer', async () => {
  for (const answer of [{ problem }, { messageId: 'm1', turnId: 't1' }, { messageId: null, turnId: null }]) {
    const { outbox, calls } = outboxWithServer();
    void outbox.send('hi');
    await settled();
    outbox.claim(user('m1', 'id1'));
    await calls[0]?.answer(answer);
    expect(outbox.getSnapshot()).toMatchObject([
      { status: 'sent', messageId: 'm1', problem: null, arrived: true },
    ]);
  }
});

it('two devices send the same text at once: the one whose request fails shows it as failed, not as sent', async () => {
  const [here, there] = [outboxWithServer('here'), outboxWithServer('there')];
  for (const { outbox } of [here, there]) void outbox.send('ok');
  await settled();
  await here.calls[0]?.answer({ problem });
  await there.calls[0]?.answer({ messageId: 'm1', turnId: 't1' });
  for (const { outbox } of [here, there]) outbox.claim(user('m1', 'there1'));
  expect(here.outbox.getSnapshot()).toMatchObject([
    { text: 'ok', status: 'failed', messageId: null, problem },
  ]);
  expect(there.outbox.getSnapshot()).toMatchObject([{ text: 'ok', status: 'sent', messageId: 'm1' }]);
});

it('the same when the message of the other device comes before the request fails, and when the thread is read', async () => {
  const { outbox, calls } = outboxWithServer('here');
  void outbox.send('ok');
  await settled();
  outbox.claim(user('m1', 'there1'));
  outbox.settle([user('m1', 'there1'), user('m0', null)]);
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'sending', messageId: null }]);
  await calls[0]?.answer({ problem });
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'failed', messageId: null }]);
});

it('a request that failed though its message arrived becomes sent, by the feed or by reading the thread', async () => {
  for (const arrive of ['claim', 'settle'] as const) {
    const { outbox, calls } = outboxWithServer();
    void outbox.send('ok');
    await settled();
    await calls[0]?.answer({ problem });
    expect(outbox.getSnapshot()).toMatchObject([{ status: 'failed' }]);
    if (arrive === 'claim') outbox.claim(user('m1', 'id1'));
    else outbox.settle([user('m0', null), user('m1', 'id1')]);
    expect(outbox.getSnapshot()).toMatchObject([{ status: 'sent', messageId: 'm1', problem: null }]);
  }
});

it('two messages with the same text are matched by their ids, and each is removed with the next', () => {
  const { outbox } = outboxWithServer();
  void outbox.send('yes');
  void outbox.send('yes');
  outbox.claim(user('m2', 'id2'));
  expect(outbox.getSnapshot().map((it) => it.messageId)).toEqual([null, 'm2']);
  outbox.claim(user('m1', 'id1'));
  expect(outbox.getSnapshot().map((it) => it.messageId)).toEqual(['m1']);
});

it('a message without a sender’s id matches none', () => {
  const { outbox } = outboxWithServer();
  void outbox.send('hi');
  outbox.claim(user('a', null));
  expect(outbox.getSnapshot()).toMatchObject([{ messageId: null }]);
});

it('messages are sent one after the other', async () => {
  const { outbox, calls } = outboxWithServer();
  void outbox.send('one');
  void outbox.send('two');
  await settled();
  expect(calls.map((it) => it.text)).toEqual(['one']);
  await calls[0]?.answer({ problem });
  expect(calls.map((it) => it.text)).toEqual(['one', 'two']);
});

it('a failed message is sent again under the same id', async () => {
  const { outbox, calls } = outboxWithServer();
  void outbox.send('hi');
  await settled();
  await calls[0]?.answer({ problem });
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'failed', problem }]);
  outbox.retry('id1');
  await settled();
  expect(calls.map((it) => it.id)).toEqual(['id1', 'id1']);
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'sending', problem: null }]);
});

it('a discarded message is removed and not sent', async () => {
  const { outbox, calls } = outboxWithServer();
  void outbox.send('one');
  void outbox.send('two');
  await settled();
  outbox.discard('id2');
  await calls[0]?.answer({ messageId: 'm1', turnId: 't1' });
  expect(calls).toHaveLength(1);
});

it('what was on the screen of the answer goes with the message, and what is on it then with a retry', async () => {
  const seen: unknown[] = [];
  const answers: Answer[] = [{ problem }, { messageId: 'm1', turnId: 't2' }];
  const outbox = new Outbox(
    async (message) => {
      seen.push(message.seen);
      return answers.shift() as Answer;
    },
    () => 'id1',
  );
  expect(await outbox.send('hi', { turnId: 't1', offset: 5 })).toEqual(REFUSED);
  expect(await outbox.retry('id1', { turnId: 't1', offset: 9 })).toEqual({
    ...{ clientMessageId: 'id1', isAccepted: true, isAnswered: true },
  });
  expect(seen).toEqual([
    { turnId: 't1', offset: 5 },
    { turnId: 't1', offset: 9 },
  ]);
});

/** Texts that are kept in memory. */
function keptTexts(): KeptTexts {
  const texts = new Map<string, string>();
  return {
    read: (name) => texts.get(name) ?? null,
    write: (name, text) => void (text === null ? texts.delete(name) : texts.set(name, text)),
    names: (beginning) => [...texts.keys()].filter((name) => name.startsWith(beginning)),
  };
}

it('[P-130] a message that was refused is kept, and is there after a reload', async () => {
  const kept = keptTexts();
  const answers: Answer[] = [{ problem }, { messageId: 'm1', turnId: 't1' }];
  const sent: string[] = [];
  const open = () =>
    new Outbox(
      async ({ clientMessageId }) => {
        sent.push(clientMessageId);
        return answers.shift() as Answer;
      },
      () => 'id1',
      keptItems(kept, 'c1'),
    );
  expect(await open().send('hi')).toEqual(REFUSED);
  const outbox = open();
  expect(outbox.getSnapshot()).toMatchObject([{ text: 'hi', status: 'failed', problem }]);
  expect((await outbox.retry('id1')).isAccepted).toBe(true);
  expect(sent).toEqual(['id1', 'id1']);
  expect(open().getSnapshot()).toEqual([]);
});

it('messages are kept in the order in which they were sent, each under a name of its own, also from two tabs', () => {
  const kept = keptTexts();
  const ids = ['c', 'a', 'b', 'e', 'd'];
  const never = () => new Promise<Answer>(() => {});
  const tab = () => new Outbox(never, () => ids.shift() ?? '', keptItems(kept, 'c1'));
  const [one, other] = [tab(), tab()];
  for (const text of ['1', '2', '3']) void one.send(text);
  for (const text of ['4', '5']) void other.send(text);
  other.discard('d');
  expect(kept.names('')).toHaveLength(4);
  const again = new Outbox(never, () => '', keptItems(kept, 'c1')).getSnapshot();
  const ofOne = again.filter(({ clientMessageId }) => 'abc'.includes(clientMessageId));
  expect(ofOne.map(({ text }) => text)).toEqual(['1', '2', '3']);
});

it('a message that had arrived and is not in the thread when that is read again, as on another branch, is removed', () => {
  const { outbox } = outboxWithServer();
  void outbox.send('yes');
  void outbox.send('no');
  outbox.claim(user('m1', 'id1'));
  outbox.settle([user('m0', null)]);
  expect(outbox.getSnapshot()).toMatchObject([{ text: 'no', status: 'sending' }]);
});
