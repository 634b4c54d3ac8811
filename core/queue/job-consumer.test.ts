import { expect, test, vi } from 'vitest';
import { JobConsumer } from './job-consumer.ts';

const worker = (ready: Promise<unknown>) => ({
  run: vi.fn(async () => {}),
  close: vi.fn(async () => {}),
  disconnect: vi.fn(async () => {}),
  waitUntilReady: () => ready,
});

test('jobs are taken once the queue can be used, and not before', async () => {
  let usable = () => {};
  const idle = worker(new Promise<void>((resolve) => (usable = resolve)));
  const started = new JobConsumer(idle, new AbortController(), () => {}).start();
  expect(idle.run).not.toHaveBeenCalled();
  usable();
  await started;
  expect(idle.run).toHaveBeenCalledOnce();
});

test('no job is fetched from a queue that cannot be used: that would be retried without a pause', async () => {
  const fault = new Error('unavailable');
  const idle = worker(Promise.reject(fault));
  await expect(new JobConsumer(idle, new AbortController(), () => {}).start()).rejects.toBe(fault);
  expect(idle.run).not.toHaveBeenCalled();
});

test('a consumer that is stopped before the queue can be used takes no job', async () => {
  let usable = () => {};
  const idle = worker(new Promise<void>((resolve) => (usable = resolve)));
  const consumer = new JobConsumer(idle, new AbortController(), () => {});
  const started = consumer.start();
  await consumer.stop();
  usable();
  await started;
  expect(idle.run).not.toHaveBeenCalled();
});
