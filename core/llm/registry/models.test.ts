import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { keptLog } from '../../../test/support/kept-log.ts';
import { BUILT_IN_MODELS } from '../models/built-in-models.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import { ModelsFileError } from './models.ts';
import { type OpenModelsOptions, openModels } from './open-models.ts';

const folder = mkdtempSync(join(tmpdir(), 'models-'));
afterAll(() => rmSync(folder, { recursive: true }));

const A = {
  id: 'a/one',
  name: 'One',
  vendor: 'A',
  contextWindow: 8000,
  tokenizer: 'cl100k_base',
  fallback: 'b/two',
};
const B = { id: 'b/two', name: 'Two', vendor: 'B', contextWindow: 4000 };

function file(content: unknown): string {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** The registry for these settings, and the logged lines. */
function open(config: OpenModelsOptions['config'], endpoint: Endpoint | null = SOMEWHERE) {
  const { log, lines } = keptLog();
  return { ...openModels({ endpoint, config, log }), lines };
}

const SOMEWHERE: Endpoint = { provider: 'custom', baseURL: 'http://127.0.0.1:9/v1' };

describe('the built-in models', () => {
  it('are those of OpenAI, Google, DeepSeek, Meta, Mistral and Qwen', () => {
    const vendors = new Set(BUILT_IN_MODELS.map(({ vendor }) => vendor));
    expect(vendors).toEqual(new Set(['OpenAI', 'Google', 'DeepSeek', 'Meta', 'Mistral', 'Qwen']));
  });

  it('follow the rules of a models file: unique ids, and fallbacks to another of them', () => {
    const ids = new Set(BUILT_IN_MODELS.map(({ id }) => id));
    expect(ids.size).toBe(BUILT_IN_MODELS.length);
    for (const { id, fallback } of BUILT_IN_MODELS) {
      expect(fallback === undefined || (fallback !== id && ids.has(fallback))).toBe(true);
    }
  });
});

describe('without a key', () => {
  it('Demo is the default and the only available model; the others are shown', () => {
    const { models } = open({}, null);
    expect(models.default).toMatchObject({ id: 'demo', name: 'Demo', vendor: 'TaskFlow' });
    expect(models.all.map(({ id }) => id)).toEqual(['demo', ...BUILT_IN_MODELS.map(({ id }) => id)]);
    expect(models.all.filter(({ id }) => models.isAvailable(id))).toEqual([models.default]);
    expect(models.resolve('openai/gpt-4o')).toEqual({ model: models.default, unavailability: 'UNAVAILABLE' });
    expect(models.resolve('gone/one')).toEqual({ model: models.default, unavailability: 'RETIRED' });
  });

  it('the models of a file need a key as well', () => {
    const { models } = open({ modelsFile: file([B, { ...B, id: 'demo' }]) }, null);
    expect(models.all.map(({ id }) => id)).toEqual(['demo', 'b/two']);
    expect(models.isAvailable('b/two')).toBe(false);
  });

  it('one log line says that Demo answers', async () => {
    const { ready, lines } = open({}, null);
    await ready();
    expect(lines).toEqual([
      'info Demo answers, a script inside the process; for a model set OPENROUTER_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL',
    ]);
  });

  it('DEFAULT_MODEL is not used, which is logged in one line', async () => {
    const { models, ready, lines } = open({ defaultModel: 'openai/gpt-4o' }, null);
    await ready();
    expect(models.default.id).toBe('demo');
    expect(lines).toEqual([
      'warn DEFAULT_MODEL openai/gpt-4o cannot be used without OPENROUTER_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL; Demo answers',
    ]);
  });
});

describe('a start', () => {
  it('waits at most three seconds for the list, then continues without it', async () => {
    vi.useFakeTimers();
    const hanging = () => new Promise<Response>(() => {});
    const opened = open({ defaultModel: 'mine' }, { ...SOMEWHERE, fetch: hanging });
    let isReady = false;
    const ready = opened.ready().then(() => {
      isReady = true;
    });
    await vi.advanceTimersByTimeAsync(2_999);
    expect(isReady).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await ready;
    expect(opened.models.all.map(({ id }) => id)).toEqual(['mine']);
    opened.stop();
    vi.useRealTimers();
  });
});

describe('a deployment on Azure', () => {
  const azure = (path: string): Endpoint => ({
    ...{ provider: 'custom', baseURL: `https://me.openai.azure.com/openai${path}` },
    // No request is sent.
    fetch: () => Promise.reject(new Error('asked')),
  });

  it('is named by its URL, and its context is known by its name', () => {
    const { models } = open({}, azure('/deployments/gpt-4o-mini'));
    expect(models.all).toMatchObject([{ id: 'gpt-4o-mini', vendor: 'OpenAI', contextWindow: 128_000 }]);
    expect(open({ modelContextTokens: 30_000 }, azure('/deployments/mine')).models.all).toMatchObject([
      { id: 'mine', contextWindow: 30_000 },
    ]);
  });

  it('is named by DEFAULT_MODEL if not by its URL; without it, the log asks for it', () => {
    expect(open({ defaultModel: 'mine' }, azure('/v1')).models.default.id).toBe('mine');
    expect(open({}, azure('/v1')).lines[0]).toBe(
      'warn set DEFAULT_MODEL to the name of the deployment on Azure',
    );
  });
});

describe('a models file', () => {
  it('replaces the built-in registry, in its own order', () => {
    const models = open({ modelsFile: file([A, B]), defaultModel: 'b/two' }).models;
    expect(models.all).toEqual([A, B]);
    expect(models.default.id).toBe('b/two');
  });

  it('may begin with a byte order mark', () => {
    expect(
      open({ modelsFile: file(`\uFEFF${JSON.stringify([B])}`), defaultModel: 'b/two' }).models.all,
    ).toEqual([B]);
  });

  it.each([
    ['not JSON', '[{]', /is not JSON/],
    ['not an array', B, /the whole file: Invalid input: expected array/],
    ['an empty array', [], /at least one model is needed/],
    ['a field of the wrong type', [{ ...B, contextWindow: 'big' }], /\[0\]\.contextWindow: /],
    [
      'a context window that is no positive whole number',
      [{ ...B, contextWindow: -1 }],
      /\[0\]\.contextWindow: /,
    ],
    ['a missing field', [B, { id: 'c' }], /\[1\]\.name: /],
    ['a misspelt field', [{ ...B, falback: 'a/one' }], /\[0\]: .*falback/],
    ['an unknown tokenizer', [{ ...B, tokenizer: 'llama3' }], /\[0\]\.tokenizer: /],
    ['a blank id', [{ ...B, id: '  ' }], /\[0\]\.id: /],
    ['an id with white space', [{ ...B, id: 'b two' }], /\[0\]\.id: an id has no white space/],
    ['an id that is taken', [B, B], /\[1\]\.id: "b\/two" is taken by \[0\] already/],
    [
      'an unknown fallback',
      [{ ...B, fallback: 'x/y' }],
      /\[0\]\.fallback: "x\/y" is not a model of this file/,
    ],
    [
      'itself as fallback',
      [{ ...B, fallback: 'b/two' }],
      /\[0\]\.fallback: a model cannot be its own fallback/,
    ],
  ])('with %s is refused in one line that names the file and the place', (_, content, message) => {
    const path = file(content);
    const error = fault(() => open({ modelsFile: path, defaultModel: 'b/two' }).models);
    expect(error).toBeInstanceOf(ModelsFileError);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(path);
    expect(error.message).not.toContain('\n');
  });

  it('that is unreadable is refused with the reason', () => {
    const path = join(folder, 'absent.json');
    const error = fault(() => open({ modelsFile: path, defaultModel: 'b/two' }).models);
    expect(error).toBeInstanceOf(ModelsFileError);
    expect(error.message).toMatch(/cannot be read: ENOENT/);
    expect(error.message).toContain(path);
  });

  it('without the default model is refused, and the message names its models', () => {
    const path = file([A, B]);
    const error = fault(() => open({ modelsFile: path, defaultModel: 'openai/gpt-4o-mini' }).models);
    expect(error).toBeInstanceOf(ModelsFileError);
    expect(error.message).toBe(
      `DEFAULT_MODEL "openai/gpt-4o-mini" is not in MODELS_FILE ${path}; it has a/one, b/two`,
    );
  });
});

function fault(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
