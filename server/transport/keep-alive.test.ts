import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeepAlive } from './keep-alive.ts';

class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  /** Whole frames: the header of two bytes, and what is in the ping. */
  readonly pings: Buffer[] = [];
  terminate = vi.fn(() => this.emit('close'));
  write = (frame: Buffer) => this.pings.push(frame);
  answer = () => this.emit('pong', this.pings.at(-1)?.subarray(2));
}

const EVERY_MS = 12_000;
let keepAlive: KeepAlive;
beforeEach(() => {
  vi.useFakeTimers();
  keepAlive = new KeepAlive(EVERY_MS);
});
afterEach(() => vi.useRealTimers());

function opened(): FakeSocket {
  const socket = new FakeSocket();
  keepAlive.add(socket as never, socket);
  return socket;
}

test('a socket that answers is pinged in each period, and stays open', () => {
  const socket = opened();
  for (let n = 1; n <= 5; n++) {
    vi.advanceTimersByTime(EVERY_MS);
    expect(socket.pings).toHaveLength(n);
    socket.answer();
  }
  expect(socket.terminate).not.toHaveBeenCalled();
});

test('a socket that has not answered by the next ping is terminated, others are not', () => {
  const [silent, other] = [opened(), opened()];
  vi.advanceTimersByTime(EVERY_MS);
  silent.emit('pong', Buffer.from('something else'));
  other.answer();
  vi.advanceTimersByTime(EVERY_MS);
  expect(silent.terminate).toHaveBeenCalledOnce();
  expect(other.terminate).not.toHaveBeenCalled();
});

test('a socket that is opened later has its whole period', () => {
  opened();
  vi.advanceTimersByTime(EVERY_MS / 2);
  const later = opened();
  vi.advanceTimersByTime(EVERY_MS - 1);
  expect(later.pings).toHaveLength(0);
  vi.advanceTimersByTime(EVERY_MS / 24 + 1);
  expect(later.pings).toHaveLength(1);
});

test('a ping is one write of one frame, which no other socket can answer', () => {
  const [one, two] = [opened(), opened()];
  vi.advanceTimersByTime(EVERY_MS);
  const [ping, other] = [one.pings, two.pings].map(([frame]) => frame);
  expect(ping?.subarray(0, 2)).toEqual(Buffer.from([0x89, 8]));
  expect(ping).toHaveLength(10);
  one.emit('pong', other?.subarray(2));
  vi.advanceTimersByTime(EVERY_MS);
  expect(one.terminate).toHaveBeenCalledOnce();
});

test('a socket that closes is sent nothing more, and terminated if it stays', () => {
  const socket = opened();
  socket.readyState = 2;
  vi.advanceTimersByTime(EVERY_MS);
  expect([socket.pings.length, socket.terminate.mock.calls.length]).toEqual([0, 0]);
  vi.advanceTimersByTime(EVERY_MS);
  expect(socket.terminate).toHaveBeenCalledOnce();
});

test('there is no timer while there is no socket', () => {
  const sockets = [opened(), opened()];
  expect(vi.getTimerCount()).toBe(1);
  for (const socket of sockets) socket.emit('close');
  expect(vi.getTimerCount()).toBe(0);
});
