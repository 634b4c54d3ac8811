import { createHook, executionAsyncResource } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ScopedValue } from './scoped-value.ts';

test('a scope has its value until its promise is settled, beside others', async () => {
  const scoped = new ScopedValue<string>();
  const read = async () => {
    await nextTurn();
    return scoped.current;
  };
  const [one, other] = await Promise.all([
    scoped.run('one', async () => {
      const first = await read();
      return [first, await read(), await read()];
    }),
    scoped.run('other', read),
  ]);
  expect(one).toEqual(['one', 'one', 'one']);
  expect(other).toBe('other');
  expect(scoped.current).toBeUndefined();
});

test('a scope within a scope ends with the value of the outer one', async () => {
  const scoped = new ScopedValue<string>();
  const seen = await scoped.run('outer', async () => {
    const inner = await scoped.run('inner', async () => scoped.current);
    return [inner, scoped.current];
  });
  expect(seen).toEqual(['inner', 'outer']);
});

test('a scope whose work fails ends', async () => {
  const scoped = new ScopedValue<string>();
  const fail = () => {
    throw new Error('no');
  };
  expect(() => scoped.run('one', fail)).toThrow('no');
  await expect(scoped.run('two', async () => fail())).rejects.toThrow('no');
  expect(scoped.current).toBeUndefined();
});

test('after the last scope nothing is stored on what begins then', async () => {
  const scoped = new ScopedValue<object>();
  const value = {};
  let left: (() => void) | undefined;
  const leaving = new Promise<void>((resolve) => {
    left = resolve;
  });
  await scoped.run(value, async () => void leaving.then(() => {}));
  const hook = createHook({ init: () => {} }).enable();
  const stored = await new Promise<unknown[]>((resolve) =>
    setImmediate(() =>
      resolve(
        Reflect.ownKeys(executionAsyncResource()).map((key) => Reflect.get(executionAsyncResource(), key)),
      ),
    ),
  );
  hook.disable();
  left?.();
  expect(stored).not.toContain(value);
});
