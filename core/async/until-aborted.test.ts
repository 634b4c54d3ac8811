import { expect, test } from 'vitest';
import { bytesOf, untilAborted } from './until-aborted.ts';

const never = new Promise<never>(() => {});

test('settles as the promise does', async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
  await expect(untilAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
});

test('rejects when the signal aborts, before or after the call, even if the promise never settles', async () => {
  const stop = new AbortController();
  const left = untilAborted(never, stop.signal);
  stop.abort(new Error('enough'));
  await expect(left).rejects.toThrow('enough');
  await expect(untilAborted(never, stop.signal)).rejects.toThrow('enough');
});

test('a body is read to its end, and cancelled when the loop is left early', async () => {
  const { signal } = new AbortController();
  let isCancelled = false;
  const body = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Uint8Array.of(1));
        controller.enqueue(Uint8Array.of(2));
        controller.close();
      },
    });
  const open = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Uint8Array.of(1)),
    cancel: () => {
      isCancelled = true;
    },
  });
  const read: number[] = [];
  for await (const [byte] of bytesOf(body(), signal)) read.push(byte ?? 0);
  for await (const [byte] of bytesOf(open, signal)) {
    read.push(byte ?? 0);
    break;
  }
  for await (const _ of bytesOf(null, signal)) expect.unreachable();
  expect(read).toEqual([1, 2, 1]);
  expect(isCancelled).toBe(true);
});
