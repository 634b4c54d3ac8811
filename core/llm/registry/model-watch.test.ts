import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keptLog } from '../../../test/support/kept-log.ts';
import { ListFault } from '../model-list/list-fault.ts';
import type { ModelList } from '../model-list/read-list.ts';
import { BUILT_IN_MODELS } from '../models/built-in-models.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import { LIST_EVERY_MS, ModelWatch, RETRY_FROM_MS } from './model-watch.ts';
import { modelsOf } from './models.ts';

const CUSTOM: Endpoint = { provider: 'custom', baseURL: 'http://models.example:8000/v1' };

beforeEach(() => vi.useFakeTimers());
let stop = () => {};
afterEach(() => {
  stop();
  vi.useRealTimers();
});

/** A watch of a server that lists the ids that the test sets, those in memory with a `*`; or that fails. */
function watching(endpoint: Endpoint = CUSTOM, defaultModel?: string) {
  const { log, lines } = keptLog();
  let listed: string[] | Error = [];
  let reads = 0;
  const watch = new ModelWatch({
    ...{ endpoint, log, settings: { defaultModel } },
    read: async () => {
      reads += 1;
      if (listed instanceof Error) throw listed;
      return listOf(endpoint, listed);
    },
  });
  stop = () => watch.stop();
  return {
    watch,
    lines,
    models: modelsOf(
      () => watch.offer,
      (id) => watch.seek(id),
    ),
    ids: () => watch.offer.models.map(({ id }) => id),
    list: (...ids: string[]) => {
      listed = ids;
    },
    fail: (why: string) => {
      listed = new ListFault(why, { answered: false });
    },
    reads: () => reads,
  };
}

function listOf(endpoint: Endpoint, ids: readonly string[]): ModelList {
  const models = ids.map((each) => {
    const id = each.replace('*', '');
    const model = { id, name: id, vendor: 'V', contextWindow: 9_000 };
    return { model, source: 'stated by the server', isLoaded: each.endsWith('*') };
  });
  return { endpoint, models };
}

describe("a server's models", () => {
  it('are those of its list; the default is the first, and the result is logged in one line', async () => {
    const { watch, list, ids, lines } = watching();
    list('b', 'a');
    await watch.start();
    expect(ids()).toEqual(['b', 'a']);
    expect(watch.offer.default.id).toBe('b');
    expect(lines).toEqual([
      'info 2 models, with their context lengths: b 9000 (stated by the server), a 9000 (stated by the server). Default: b',
    ]);
  });

  it('are read again every ten minutes; the same result is not logged again', async () => {
    const { watch, list, ids, lines, reads } = watching();
    list('a');
    await watch.start();
    await vi.advanceTimersByTimeAsync(LIST_EVERY_MS);
    expect([reads(), lines.length]).toEqual([2, 1]);
    list('a', 'b');
    await vi.advanceTimersByTimeAsync(LIST_EVERY_MS);
    expect(ids()).toEqual(['a', 'b']);
    expect(lines).toHaveLength(2);
  });

  it('have as default one that is in memory; it stays the default while it is listed', async () => {
    const { watch, list } = watching();
    list('a', 'b*', 'c');
    await watch.start();
    expect(watch.offer.default.id).toBe('b');
    list('a', 'b', 'c*');
    await vi.advanceTimersByTimeAsync(LIST_EVERY_MS);
    expect(watch.offer.default.id).toBe('b');
    list('a', 'c*');
    await vi.advanceTimersByTimeAsync(LIST_EVERY_MS);
    expect(watch.offer.default.id).toBe('c');
  });

  it('that it no longer lists are retired', async () => {
    const { watch, list, models } = watching();
    list('a', 'b');
    await watch.start();
    list('a');
    await vi.advanceTimersByTimeAsync(LIST_EVERY_MS);
    expect(models.resolve('b')).toEqual({ model: watch.offer.default, unavailability: 'RETIRED' });
  });
});

describe('DEFAULT_MODEL', () => {
  it('may name any model of the list', async () => {
    const { watch, list, ids, lines } = watching(CUSTOM, 'b');
    list('a', 'b');
    await watch.start();
    expect([watch.offer.default.id, ids()]).toEqual(['b', ['a', 'b']]);
    expect(lines).toHaveLength(1);
  });

  it("may leave out Ollama's :latest", async () => {
    const { watch, list, ids } = watching(CUSTOM, 'llama3.2');
    list('qwen3:8b', 'llama3.2:latest');
    await watch.start();
    expect([watch.offer.default.id, ids().length]).toEqual(['llama3.2:latest', 2]);
  });

  it('that is not listed is still offered first, and logged as a warning in one line', async () => {
    const { watch, list, ids, lines } = watching(CUSTOM, 'mine');
    list('a');
    await watch.start();
    expect([watch.offer.default, ids()]).toMatchObject([
      { id: 'mine', isContextAssumed: true },
      ['mine', 'a'],
    ]);
    expect(watch.offer.available.has('mine')).toBe(true);
    expect(lines[1]).toBe(
      "warn DEFAULT_MODEL mine is not in the server's list of models; it is offered and used anyway",
    );
  });
});

describe('a list that cannot be read', () => {
  it('leaves DEFAULT_MODEL, and is logged in one line', async () => {
    const { watch, fail, ids, lines } = watching(CUSTOM, 'mine');
    fail('nothing listens');
    await watch.start();
    expect(ids()).toEqual(['mine']);
    expect(lines).toEqual(['warn no list of models: nothing listens. Offered until then: mine']);
  });

  it('leaves a model without a name, which stands for the default once there is a list', async () => {
    const { watch, fail, list, ids, models } = watching();
    fail('nothing listens');
    await watch.start();
    expect(ids()).toEqual(['default']);
    expect(models.isAvailable('default')).toBe(true);
    list('a', 'b');
    await vi.advanceTimersByTimeAsync(RETRY_FROM_MS);
    expect(ids()).toEqual(['a', 'b']);
    expect(models.resolve('default')).toEqual({ model: watch.offer.default });
  });

  it('is read again after 5 s, 10 s and so on, up to ten minutes, and logged once', async () => {
    const { watch, fail, lines, reads } = watching();
    fail('nothing listens');
    await watch.start();
    for (const seconds of [5, 10, 20, 40, 80, 160, 320, 600, 600]) {
      const before = reads();
      await vi.advanceTimersByTimeAsync(seconds * 1_000 - 1);
      expect(reads()).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(reads()).toBe(before + 1);
    }
    expect(lines).toHaveLength(1);
  });

  it('is read again when a turn begins that has only a model without a name', async () => {
    const { watch, fail, list, models, reads } = watching();
    fail('nothing listens');
    await watch.start();
    await vi.advanceTimersByTimeAsync(2_000);
    list('a');
    await models.seek('default');
    expect([reads(), models.resolve('default').model.id]).toEqual([2, 'a']);
    await vi.advanceTimersByTimeAsync(2_000);
    await models.seek('default');
    expect(reads(), 'there is a list now').toBe(2);
  });

  it('is not read later because a model is sought meanwhile', async () => {
    const { watch, fail, models, reads } = watching();
    fail('nothing listens');
    await watch.start();
    await vi.advanceTimersByTimeAsync(2_000);
    await models.seek('one');
    await vi.advanceTimersByTimeAsync(2_000);
    await models.seek('two');
    await vi.advanceTimersByTimeAsync(RETRY_FROM_MS);
    expect(reads()).toBe(4);
  });

  it('later keeps the models of the last list', async () => {
    const { watch, fail, list, ids } = watching();
    list('a');
    await watch.start();
    fail('gone');
    await vi.advanceTimersByTimeAsync(LIST_EVERY_MS);
    expect(ids()).toEqual(['a']);
  });

  it('is also read again soon if it is empty', async () => {
    const { watch, list, ids, lines } = watching();
    await watch.start();
    expect(ids()).toEqual(['default']);
    expect(lines).toEqual(['warn the server lists no model for conversations; offered: default']);
    list('a');
    await vi.advanceTimersByTimeAsync(RETRY_FROM_MS);
    expect(ids()).toEqual(['a']);
  });

  it('is not read any more after a stop', async () => {
    const { watch, fail, reads } = watching();
    fail('nothing listens');
    await watch.start();
    watch.stop();
    watch.stop();
    await vi.advanceTimersByTimeAsync(LIST_EVERY_MS);
    await watch.seek('new');
    expect(reads()).toBe(1);
  });
});

describe('a model that is not in the list', () => {
  it('is sought, at most once in two seconds, and the same one once in a minute', async () => {
    const { watch, list, models, reads } = watching();
    list('a');
    await watch.start();
    list('a', 'new');
    await models.seek('a');
    await models.seek('new');
    expect(reads(), 'the list is fresh').toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    await Promise.all([models.seek('new'), models.seek('new')]);
    expect(models.resolve('new').model.id).toBe('new');
    await models.seek('no such');
    expect(reads()).toBe(2);
    await vi.advanceTimersByTimeAsync(2_000);
    await models.seek('no such');
    await vi.advanceTimersByTimeAsync(59_999);
    await models.seek('no such');
    expect(reads()).toBe(3);
    await vi.advanceTimersByTimeAsync(1);
    await models.seek('no such');
    expect(reads()).toBe(4);
  });

  it('is waited for at most 1.5 s', async () => {
    const { log } = keptLog();
    const watch = new ModelWatch({
      ...{ endpoint: CUSTOM, log, settings: {} },
      read: (_endpoint, _settings, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    void watch.start();
    const sought = watch.seek('new');
    await vi.advanceTimersByTimeAsync(1_500);
    await sought;
    watch.stop();
  });
});

describe('with a key alone', () => {
  const OPENAI: Endpoint = { provider: 'openai', baseURL: 'https://api.openai.com/v1' };
  const OPENROUTER: Endpoint = { provider: 'openrouter', baseURL: 'https://openrouter.ai/api/v1' };

  it('of OpenAI, its models are available under the ids they have elsewhere, others are shown', async () => {
    const { watch, list, ids } = watching(OPENAI);
    list('gpt-5.1', 'gpt-4o', 'gpt-4o-mini');
    await watch.start();
    const own = ['openai/gpt-4o-mini', 'openai/gpt-4o', 'openai/gpt-5.1'];
    expect([...watch.offer.available]).toEqual(own);
    expect(watch.offer.default).toMatchObject({ id: 'openai/gpt-4o-mini', name: 'GPT-4o mini' });
    const others = BUILT_IN_MODELS.filter(({ vendor }) => vendor !== 'OpenAI').map(({ id }) => id);
    expect(ids()).toEqual([...own, ...others]);
  });

  it('of OpenAI, DEFAULT_MODEL may omit the prefix openai/', async () => {
    const { watch, list } = watching(OPENAI, 'gpt-4o');
    list('gpt-4o', 'gpt-4o-mini');
    await watch.start();
    expect([watch.offer.default.id, watch.offer.available.size]).toEqual(['openai/gpt-4o', 2]);
  });

  it('of OpenAI, a DEFAULT_MODEL of another maker is logged and not offered twice', async () => {
    const { watch, list, ids, lines } = watching(OPENAI, 'google/gemini-2.5-flash');
    list('gpt-4o-mini');
    await watch.start();
    expect(watch.offer.default.id).toBe('openai/gpt-4o-mini');
    expect([...watch.offer.available]).toEqual(['openai/gpt-4o-mini']);
    expect(ids().length).toBe(new Set(ids()).size);
    expect(lines.at(-1)).toMatch(/^warn DEFAULT_MODEL google\/gemini-2.5-flash is not a model of OpenAI/);
  });

  it('of OpenAI, without a list, its built-in models are available', async () => {
    const { watch, fail } = watching(OPENAI);
    fail('unreachable');
    await watch.start();
    const own = BUILT_IN_MODELS.filter(({ vendor }) => vendor === 'OpenAI').map(({ id }) => id);
    expect([...watch.offer.available]).toEqual(own);
  });

  it('of OpenRouter, the built-in models come first, the others by maker and name', async () => {
    const { watch, list, ids } = watching(OPENROUTER);
    list('z/model-10', 'google/gemini-2.5-pro', 'z/model-9', 'openai/gpt-4o-mini', 'a/model');
    await watch.start();
    expect(ids()).toEqual([
      ...['openai/gpt-4o-mini', 'google/gemini-2.5-pro', 'a/model', 'z/model-9', 'z/model-10'],
    ]);
    expect(watch.offer.default.id).toBe('openai/gpt-4o-mini');
  });

  it('of OpenRouter, without a list, the built-in models are available', async () => {
    const { watch, fail, ids } = watching(OPENROUTER);
    fail('unreachable');
    await watch.start();
    expect(ids()).toEqual(BUILT_IN_MODELS.map(({ id }) => id));
    expect(watch.offer.available.size).toBe(BUILT_IN_MODELS.length);
  });
});
