import { expect, it } from 'vitest';
import { type InThread, Outbox, type Send } from './outbox.ts';

type Answer = Awaited<ReturnType<Send>>;

/** An outbox whose ids begin with `device`, and its calls to the server, which the test answers. */
function outboxWithServer(device = 'id') {
  const calls: { text: string; id: string; answer(answer: Answer): Promise<void> }[] = [];
  let ids = 0;
  const outbox = new Outbox(
    (text, id) =>
      new Promise((resolve) =>
        calls.push({
          text,
          id,
          answer: async (answer) => {
            resolve(answer);
            await flush();
          },
        }),
      ),
    () => `${device}${++ids}`,
  );
  return { outbox, calls };
}

const flush = () => new Promise<void>((resolve) => setImmediate(resolve));
const user = (id: string, clientMessageId: string | null): InThread => ({ id, clientMessageId });
const problem = { text: 'unavailable', retryable: true };

it('shows a message at once, and then under the id that the server gave it, with the turn that answers it', async () => {
  const { outbox, calls } = outboxWithServer();
  outbox.send(' hi ');
  expect(outbox.getSnapshot()).toMatchObject([{ text: 'hi', status: 'sending', messageId: null }]);
  await flush();
  await calls[0]?.answer({ messageId: 'm1', turnId: 't1' });
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'sent', messageId: 'm1', turnId: 't1' }]);
});

it('a message that comes into the thread before its request is answered has arrived, whatever the answer', async () => {
  for (const answer of [{ problem }, { messageId: 'm1', turnId: 't1' }, { messageId: null, turnId: null }]) {
    const { outbox, calls } = outboxWithServer();
    outbox.send('hi');
    await flush();
    outbox.claim(user('m1', 'id1'));
    await calls[0]?.answer(answer);
    expect(outbox.getSnapshot()).toMatchObject([
      { status: 'sent', messageId: 'm1', problem: null, arrived: true },
    ]);
  }
});

it('two devices send the same text at once: the one whose request fails shows it as failed, not as sent', async () => {
  const [here, there] = [outboxWithServer('here'), outboxWithServer('there')];
  for (const { outbox } of [here, there]) outbox.send('ok');
  await flush();
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
  outbox.send('ok');
  await flush();
  outbox.claim(user('m1', 'there1'));
  outbox.settle([user('m1', 'there1'), user('m0', null)]);
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'sending', messageId: null }]);
  await calls[0]?.answer({ problem });
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'failed', messageId: null }]);
});

it('a request that failed though its message arrived becomes sent, by the feed or by reading the thread', async () => {
  for (const arrive of ['claim', 'settle'] as const) {
    const { outbox, calls } = outboxWithServer();
    outbox.send('ok');
    await flush();
    await calls[0]?.answer({ problem });
    expect(outbox.getSnapshot()).toMatchObject([{ status: 'failed' }]);
    if (arrive === 'claim') outbox.claim(user('m1', 'id1'));
    else outbox.settle([user('m0', null), user('m1', 'id1')]);
    expect(outbox.getSnapshot()).toMatchObject([{ status: 'sent', messageId: 'm1', problem: null }]);
  }
});

it('two messages with the same text are matched by their ids, and each is removed with the next', () => {
  const { outbox } = outboxWithServer();
  outbox.send('yes');
  outbox.send('yes');
  outbox.claim(user('m2', 'id2'));
  expect(outbox.getSnapshot().map((it) => it.messageId)).toEqual([null, 'm2']);
  outbox.claim(user('m1', 'id1'));
  expect(outbox.getSnapshot().map((it) => it.messageId)).toEqual(['m1']);
});

it('a message without a sender’s id matches none', () => {
  const { outbox } = outboxWithServer();
  outbox.send('hi');
  outbox.claim(user('a', null));
  expect(outbox.getSnapshot()).toMatchObject([{ messageId: null }]);
});

it('messages are sent one after the other', async () => {
  const { outbox, calls } = outboxWithServer();
  outbox.send('one');
  outbox.send('two');
  await flush();
  expect(calls.map((it) => it.text)).toEqual(['one']);
  await calls[0]?.answer({ problem });
  expect(calls.map((it) => it.text)).toEqual(['one', 'two']);
});

it('a failed message is sent again under the same id', async () => {
  const { outbox, calls } = outboxWithServer();
  outbox.send('hi');
  await flush();
  await calls[0]?.answer({ problem });
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'failed', problem }]);
  outbox.retry('id1');
  await flush();
  expect(calls.map((it) => it.id)).toEqual(['id1', 'id1']);
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'sending', problem: null }]);
});

it('a discarded message is removed and not sent', async () => {
  const { outbox, calls } = outboxWithServer();
  outbox.send('one');
  outbox.send('two');
  await flush();
  outbox.discard('id2');
  await calls[0]?.answer({ messageId: 'm1', turnId: 't1' });
  expect(calls).toHaveLength(1);
});
