import { expect, it } from 'vitest';
import { Outbox, type Send } from './outbox.ts';

type Answer = Awaited<ReturnType<Send>>;

function outboxWithServer() {
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
    () => `id${++ids}`,
  );
  return { outbox, calls };
}

const flush = () => new Promise<void>((resolve) => setImmediate(resolve));
const user = (id: string, content: string) => ({ id, content, role: 'USER' });
const problem = { text: 'away', retryable: true };

it('shows a message at once, and then under the id that the server gave it', async () => {
  const { outbox, calls } = outboxWithServer();
  outbox.send(' hi ', null);
  expect(outbox.getSnapshot()).toMatchObject([{ text: 'hi', status: 'sending', messageId: null }]);
  await flush();
  await calls[0]?.answer({ messageId: 'm1' });
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'sent', messageId: 'm1' }]);
});

it('a message that comes into the thread before the answer is known by its text', async () => {
  const { outbox, calls } = outboxWithServer();
  outbox.send('hi', null);
  await flush();
  outbox.claim(user('m1', 'hi'));
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'sent', messageId: 'm1' }]);
  await calls[0]?.answer({ problem });
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'sent', messageId: 'm1', problem: null }]);
});

it('of two with the same text each is claimed once', async () => {
  const { outbox } = outboxWithServer();
  outbox.send('yes', null);
  outbox.send('yes', null);
  outbox.claim(user('m1', 'yes'));
  expect(outbox.getSnapshot().map((it) => it.messageId)).toEqual(['m1', null]);
  outbox.claim(user('m2', 'yes'));
  expect(outbox.getSnapshot().map((it) => it.messageId)).toEqual(['m2']);
});

it('what the AI says claims nothing', () => {
  const { outbox } = outboxWithServer();
  outbox.send('hi', null);
  outbox.claim({ id: 'a', role: 'ASSISTANT', content: 'hi' });
  expect(outbox.getSnapshot()).toMatchObject([{ messageId: null }]);
});

it('a thread that is read settles only what was said after the message that was last then', () => {
  const { outbox } = outboxWithServer();
  outbox.send('yes', 'm1');
  outbox.settle([user('m1', 'yes')]);
  expect(outbox.getSnapshot()).toMatchObject([{ messageId: null }]);
  outbox.settle([user('m1', 'yes'), user('m2', 'yes')]);
  expect(outbox.getSnapshot()).toMatchObject([{ messageId: 'm2', status: 'sent' }]);
});

it('messages go out one after the other', async () => {
  const { outbox, calls } = outboxWithServer();
  outbox.send('one', null);
  outbox.send('two', null);
  await flush();
  expect(calls.map((it) => it.text)).toEqual(['one']);
  await calls[0]?.answer({ problem });
  expect(calls.map((it) => it.text)).toEqual(['one', 'two']);
});

it('a failed message is sent again under the same id', async () => {
  const { outbox, calls } = outboxWithServer();
  outbox.send('hi', null);
  await flush();
  await calls[0]?.answer({ problem });
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'failed', problem }]);
  outbox.retry('id1');
  await flush();
  expect(calls.map((it) => it.id)).toEqual(['id1', 'id1']);
  expect(outbox.getSnapshot()).toMatchObject([{ status: 'sending', problem: null }]);
});

it('a discarded message is gone, and is not sent when its turn comes', async () => {
  const { outbox, calls } = outboxWithServer();
  outbox.send('one', null);
  outbox.send('two', null);
  await flush();
  outbox.discard('id2');
  await calls[0]?.answer({ messageId: 'm1' });
  expect(calls).toHaveLength(1);
});
