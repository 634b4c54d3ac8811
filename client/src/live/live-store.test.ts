import { expect, it, vi } from 'vitest';
import { LiveStore } from './live-store.ts';
import { loadedState } from './testing.ts';

const state = (cursor: string) => loadedState([], { latestEventCursor: cursor });

function storeWithFrames() {
  const frames: (() => void)[] = [];
  const store = new LiveStore((callback) => {
    frames.push(callback);
    return () => frames.splice(frames.indexOf(callback), 1);
  });
  const listener = vi.fn();
  store.subscribe(listener);
  return { store, frames, listener };
}

it('many writes in one frame are one reading', () => {
  const { store, frames, listener } = storeWithFrames();
  for (const cursor of ['a', 'b', 'c']) store.set(state(cursor), false);
  expect(store.latest?.cursor).toBe('c');
  expect(store.getSnapshot()).toBeNull();
  expect(frames).toHaveLength(1);
  frames[0]?.();
  expect(store.getSnapshot()?.cursor).toBe('c');
  expect(listener).toHaveBeenCalledTimes(1);
});

it('an urgent write is read at once, and leaves no frame behind', () => {
  const { store, frames, listener } = storeWithFrames();
  store.set(state('a'), false);
  store.set(state('b'), true);
  expect(store.getSnapshot()?.cursor).toBe('b');
  expect(listener).toHaveBeenCalledTimes(1);
  expect(frames).toHaveLength(0);
});

it('a stopped store publishes nothing more by itself', () => {
  const { store, frames } = storeWithFrames();
  store.set(state('a'), false);
  store.stop();
  expect(frames).toHaveLength(0);
});
