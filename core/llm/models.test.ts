import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadModels, ModelsFileError } from './models.ts';

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

describe('the built-in registry', () => {
  const models = loadModels({ defaultModel: 'openai/gpt-4o-mini', provider: 'openrouter' });

  it('has models of OpenAI, Google, DeepSeek and Meta', () => {
    expect(new Set(models.all.map((model) => model.vendor))).toEqual(
      new Set(['OpenAI', 'Google', 'DeepSeek', 'Meta', 'Mistral', 'Qwen']),
    );
    expect(models.default).toMatchObject({ id: 'openai/gpt-4o-mini', contextWindow: 128_000 });
  });

  it('keeps its own rules: unique ids, and fallbacks that are other models of it', () => {
    expect(new Set(models.all.map((model) => model.id)).size).toBe(models.all.length);
    for (const { id, fallback } of models.all) {
      expect(fallback === undefined || (fallback !== id && models.get(fallback) !== undefined)).toBe(true);
    }
  });

  it('resolves a model that it has to that model, and one that left it to the default', () => {
    expect(models.resolve('openai/gpt-4o')).toEqual({ model: models.get('openai/gpt-4o'), fellBack: false });
    expect(models.resolve('openai/gpt-2')).toEqual({ model: models.default, fellBack: true });
    expect(models.get('openai/gpt-2')).toBeUndefined();
  });
});

describe('a models file', () => {
  it('replaces the built-in registry, in its own order', () => {
    const models = loadModels({ modelsFile: file([A, B]), defaultModel: 'b/two', provider: 'openrouter' });
    expect(models.all).toEqual([A, B]);
    expect(models.default.id).toBe('b/two');
  });

  it('may begin with a byte order mark', () => {
    expect(
      loadModels({
        modelsFile: file(`\uFEFF${JSON.stringify([B])}`),
        defaultModel: 'b/two',
        provider: 'openrouter',
      }).all,
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
    const error = fault(() =>
      loadModels({ modelsFile: path, defaultModel: 'b/two', provider: 'openrouter' }),
    );
    expect(error).toBeInstanceOf(ModelsFileError);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(path);
    expect(error.message).not.toContain('\n');
  });

  it('that cannot be read is refused with the reason', () => {
    const path = join(folder, 'absent.json');
    const error = fault(() =>
      loadModels({ modelsFile: path, defaultModel: 'b/two', provider: 'openrouter' }),
    );
    expect(error).toBeInstanceOf(ModelsFileError);
    expect(error.message).toMatch(/cannot be read: ENOENT/);
    expect(error.message).toContain(path);
  });

  it('without the default model is refused, naming what it has', () => {
    const path = file([A, B]);
    const error = fault(() =>
      loadModels({ modelsFile: path, defaultModel: 'openai/gpt-4o-mini', provider: 'openrouter' }),
    );
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
