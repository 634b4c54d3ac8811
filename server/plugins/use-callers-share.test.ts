import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { CallersShares } from '../limits/callers-shares.ts';
import { useCallersShare } from './use-callers-share.ts';

const QUERY = parse('{ viewer { id } }');
const MUTATION = parse('mutation { endConversation { id } }');

/** Has the plugin run an operation of a caller; `begun` when it is run, until `end` is called. */
function start(plugin: ReturnType<typeof useCallersShare>, owner: string, document = QUERY) {
  const socket = { OPEN: 1, readyState: 1 };
  const contextValue = { viewer: { owner, tenant: 'default' }, resultSize: { estimatedMs: 1 }, socket };
  const state = {
    begun: false,
    end: () => {},
    close() {
      socket.readyState = 3;
    },
  };
  let execute: (args: object) => unknown = () => {
    state.begun = true;
    return new Promise<object>((resolve) => {
      state.end = () => resolve({ data: {} });
    });
  };
  const hook = {
    args: { document, contextValue },
    executeFn: execute,
    setExecuteFn(fn: typeof execute) {
      execute = fn;
    },
  };
  plugin.onExecute?.(hook as never);
  return { ...state, state, result: execute(hook.args) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('queries of one caller beyond their share wait in order; other callers and mutations do not', async () => {
  const plugin = useCallersShare(new CallersShares(1));
  const [first, second] = [start(plugin, 'ann'), start(plugin, 'ann')];
  const [other, mutation] = [start(plugin, 'bob'), start(plugin, 'ann', MUTATION)];
  await settled();
  expect([first, second, other, mutation].map(({ state }) => state.begun)).toEqual([true, false, true, true]);
  first.state.end();
  await settled();
  expect(second.state.begun).toBe(true);
});

test('a query whose connection has closed while it waited is not run', async () => {
  const plugin = useCallersShare(new CallersShares(1));
  const [first, second, third] = [start(plugin, 'ann'), start(plugin, 'ann'), start(plugin, 'ann')];
  second.close();
  await settled();
  first.state.end();
  expect(await second.result).toEqual({ data: null });
  await settled();
  expect([second, third].map(({ state }) => state.begun)).toEqual([false, true]);
});
