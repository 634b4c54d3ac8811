import { expect, it, vi } from 'vitest';
import { ConnectionStatus } from './connection-status.ts';
import type { Send } from './outbox.ts';
import { sendWhenConnected } from './send-when-connected.ts';
import { settled } from './testing.ts';

const MESSAGE: Parameters<Send>[0] = {
  text: 'hi',
  clientMessageId: 'id1',
  seen: null,
  whileSpeaking: 'AUTO',
};
const SENT = { messageId: 'm1', turnId: 't1' };
const FAILED = { problem: { text: 'The server cannot be reached.', retryable: true } };

const atOnce = async () => {};

function lost(status: ConnectionStatus): void {
  vi.useFakeTimers();
  status.down();
  vi.runAllTimers();
  vi.useRealTimers();
}

it('what is sent without a connection goes out when there is one again', async () => {
  const status = new ConnectionStatus();
  const send = vi.fn<Send>(async () => SENT);
  lost(status);
  const sent = sendWhenConnected(send, status, atOnce)(MESSAGE);
  await settled();
  expect(send).not.toHaveBeenCalled();
  status.up();
  expect(await sent).toEqual(SENT);
});

it('what failed because the connection was lost is sent again; what failed with one is not', async () => {
  const status = new ConnectionStatus();
  const results = [FAILED, SENT, FAILED];
  const send = vi.fn<Send>(async () => {
    if (send.mock.calls.length === 1) lost(status);
    return results.shift() ?? FAILED;
  });
  const sent = sendWhenConnected(send, status, atOnce)(MESSAGE);
  await settled();
  status.up();
  expect(await sent).toEqual(SENT);
  expect(send.mock.calls).toEqual([[MESSAGE], [MESSAGE]]);
  expect(await sendWhenConnected(send, status, atOnce)(MESSAGE)).toEqual(FAILED);
});

it('a loss that the socket notices only after the request has failed counts, though it is not shown yet', async () => {
  const status = new ConnectionStatus();
  const results = [FAILED, FAILED, SENT];
  const send = vi.fn<Send>(async () => results.shift() ?? FAILED);
  const pauses: number[] = [];
  const pause = async (ms: number) => {
    pauses.push(ms);
    if (pauses.length === 1) status.down();
  };
  expect(await sendWhenConnected(send, status, pause)(MESSAGE)).toEqual(SENT);
  expect(status.getSnapshot()).toBe('online');
  expect(pauses).toEqual([500, 500, 500]);
  status.up();
});
