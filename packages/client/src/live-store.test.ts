import { describe, expect, it, vi } from 'vitest';
import { LiveStore } from './live-store.ts';
import { endTurn } from './reduce.ts';
import { activeTurn, loadedState, partial } from './testing.ts';

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

describe('an answer that the user cuts in on', () => {
  /** The state with an open turn `t1` that has this text. */
  const speaking = (text: string, id = 't1') => loadedState([], { activeTurn: activeTurn(id, { text }) });
  const shown = (store: LiveStore) => store.getSnapshot()?.turn?.text;

  it('stands where it was on the screen, whatever still comes, until it has ended', () => {
    const { store, frames } = storeWithFrames();
    store.set(speaking('One two'), true);
    store.set(speaking('One two three'), false);
    expect(store.hold()).toEqual({ turnId: 't1', offset: 7 });
    frames[0]?.();
    store.set(speaking('One two three four'), true);
    expect(shown(store)).toBe('One two');
    store.set(endTurn(speaking('One two three four'), partial('t1', 'One two')), true);
    expect(shown(store)).toBe('One two');
    expect(store.getSnapshot()?.turn?.phase).toBe('ended');
  });

  it('is shown whole again when the cut is refused, unless the user has cut in again since', () => {
    const { store } = storeWithFrames();
    store.set(speaking('One'), true);
    const first = store.hold();
    store.set(speaking('One two'), true);
    const second = store.hold();
    store.release(first);
    expect(shown(store)).toBe('One');
    store.release(second);
    expect(shown(store)).toBe('One two');
  });

  it('does not stand in the way of the next one', () => {
    const { store } = storeWithFrames();
    store.set(speaking('One'), true);
    store.hold();
    store.set(speaking('A new answer', 't2'), true);
    expect(shown(store)).toBe('A new answer');
  });

  it('has nothing on the screen before it is spoken, and none when nothing is', () => {
    const { store } = storeWithFrames();
    expect(store.hold()).toBeNull();
    store.set(speaking(''), true);
    expect(store.hold()).toEqual({ turnId: 't1', offset: 0 });
  });
});
