import { getEventListeners } from 'node:events';
import { expect, test, vi } from 'vitest';
import { onAbort } from './on-abort.ts';

test('an abort is heard once, also one that came before', () => {
  const stop = new AbortController();
  const heard = vi.fn();
  onAbort(stop.signal, heard);
  expect(heard).not.toHaveBeenCalled();
  stop.abort();
  expect(heard).toHaveBeenCalledOnce();
  onAbort(stop.signal, heard);
  expect(heard).toHaveBeenCalledTimes(2);
});

test('what is removed does not hear the abort, and is not kept by the signal', () => {
  const stop = new AbortController();
  const heard = vi.fn();
  const remove = onAbort(stop.signal, heard);
  remove();
  remove();
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  stop.abort();
  expect(heard).not.toHaveBeenCalled();
});
