import { expect, test, vi } from 'vitest';
import { type TapOptions, tap } from './tap.ts';

interface Value {
  n: number;
}

const broken = new Error('broken');

test('values pass as they are, changed, or not at all', async () => {
  const values = [{ n: 1 }, { n: 2 }, { n: 3 }];
  const passed = await read(tap(of(values), {}));
  passed.forEach((value, index) => {
    expect(value).toBe(values[index]);
  });
  const map = ({ n }: Value) => (n === 2 ? null : { n: n * 10 });
  expect(await read(tap(of(values), { map }))).toEqual([{ n: 10 }, { n: 30 }]);
  expect(await read(tap(of(values), { map: () => null }))).toEqual([]);
});

test('a value is requested of the source when it is requested of the tap', async () => {
  const next = vi.fn(async () => ({ value: { n: 1 }, done: false }));
  const tapped = tap(source({ next }), {});
  expect(next).not.toHaveBeenCalled();
  await Promise.all([tapped.next(), tapped.next()]);
  expect(next).toHaveBeenCalledTimes(2);
});

test('an error of the source is thrown, or becomes the last value', async () => {
  const failing = () => of([{ n: 1 }], broken);
  await expect(read(tap(failing(), {}))).rejects.toBe(broken);
  await expect(read(tap(failing(), { lastValue: () => null }))).rejects.toBe(broken);
  const lastValue = vi.fn(() => ({ n: -1 }));
  expect(await read(tap(failing(), { lastValue }))).toEqual([{ n: 1 }, { n: -1 }]);
  expect(lastValue).toHaveBeenCalledExactlyOnceWith(broken);
});

test('after an error it is done: the source is not asked again', async () => {
  const next = vi.fn(() => Promise.reject(broken));
  const tapped = tap(source({ next }), {});
  await expect(tapped.next()).rejects.toBe(broken);
  expect(await tapped.next()).toEqual({ value: undefined, done: true });
  expect(next).toHaveBeenCalledOnce();
});

test('the end is observed once, however it ends, and with its error', async () => {
  const ends: unknown[][] = [];
  const options: TapOptions<Value> = { onEnd: (...error) => ends.push(error) };
  const done = tap(of([]), options);
  await done.next();
  await done.next();
  await done.return?.();
  const thrown = tap(of([], broken), options);
  await thrown.next().catch(() => {});
  await thrown.return?.();
  const mended = tap(of([], broken), { ...options, lastValue: () => ({ n: 1 }) });
  await read(mended);
  for await (const _ of tap(of([{ n: 1 }, { n: 2 }]), options)) break;
  expect(ends).toEqual([[undefined], [broken], [broken], [undefined]]);
});

test('return reaches the source once, at once, while a value is awaited: nothing is passed after it', async () => {
  let settle = (_result: IteratorResult<Value>) => {};
  const onEnd = vi.fn();
  const onReturn = vi.fn(async () => ({ value: undefined, done: true as const }));
  const next = () => new Promise<IteratorResult<Value>>((resolve) => (settle = resolve));
  const tapped = tap(source({ next, return: onReturn }), { onEnd });
  const awaited = tapped.next();
  const returned = tapped.return?.();
  expect(onEnd).toHaveBeenCalledOnce();
  expect(onReturn).toHaveBeenCalledOnce();
  expect(await returned).toEqual({ value: undefined, done: true });
  settle({ value: { n: 1 }, done: false });
  expect(await awaited).toEqual({ value: undefined, done: true });
  await tapped.return?.();
  expect(onReturn).toHaveBeenCalledOnce();
});

test('what a source throws when it is returned is thrown to who returns it', async () => {
  const failing = source({ next: () => new Promise(() => {}), return: () => Promise.reject(broken) });
  await expect(tap(failing, {}).return?.()).rejects.toBe(broken);
});

async function* of(values: readonly Value[], error?: Error): AsyncGenerator<Value> {
  yield* values;
  if (error) throw error;
}

function source(iterator: AsyncIterator<Value>): AsyncIterableIterator<Value> {
  return {
    ...iterator,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function read(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}
