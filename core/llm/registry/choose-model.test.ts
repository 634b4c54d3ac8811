import { describe, expect, test } from 'vitest';
import { MemoryModelHealth } from '../../live/model-health/memory.ts';
import { chooseModel } from './choose-model.ts';
import { type Model, type Models, modelsOf } from './models.ts';

const all = ['a', 'b', 'c'].map((id, i) => model(id, ['b', 'c', 'a'][i] as string));
const models = offering('a', 'b', 'c');

describe('the model of a turn', () => {
  test('is the requested one while its circuit breaker is closed', async () => {
    expect(await chooseModel(models, new MemoryModelHealth(), 'b')).toEqual({ model: all[1] });
  });

  test('is the first fallback whose circuit breaker is closed while that of the requested one is open', async () => {
    const health = new MemoryModelHealth();
    await health.open('a', 1_000);
    expect(await chooseModel(models, health, 'a')).toEqual({
      model: all[1],
      fallback: { requestedModel: 'a', unavailability: 'UNAVAILABLE' },
    });
    await health.open('b', 1_000);
    expect((await chooseModel(models, health, 'a')).model.id).toBe('c');
  });

  test('is the requested one when all circuit breakers are open', async () => {
    const health = new MemoryModelHealth();
    for (const { id } of all) await health.open(id, 1_000);
    expect(await chooseModel(models, health, 'b')).toEqual({ model: all[1] });
  });

  test('is the first available fallback when the requested one is unavailable', async () => {
    const health = new MemoryModelHealth();
    expect(await chooseModel(offering('a', 'c'), health, 'b')).toEqual({
      model: all[2],
      fallback: { requestedModel: 'b', unavailability: 'UNAVAILABLE' },
    });
    await health.open('c', 1_000);
    expect((await chooseModel(offering('a', 'c'), health, 'b')).model.id).toBe('a');
  });

  test('is the default when neither the requested one nor a fallback is available', async () => {
    const alone = model('alone', 'nobody');
    const offer = { models: [...all, alone], available: new Set(['a']), default: all[0] as Model };
    expect(
      await chooseModel(
        modelsOf(() => offer),
        new MemoryModelHealth(),
        'alone',
      ),
    ).toEqual({
      model: all[0],
      fallback: { requestedModel: 'alone', unavailability: 'UNAVAILABLE' },
    });
  });

  test('is sought if it is not known, and used if it is found', async () => {
    let known = all.slice(0, 2);
    const late = modelsOf(
      () => ({ models: known, available: new Set(known.map(({ id }) => id)), default: all[0] as Model }),
      async (id) => {
        if (id === 'c') known = all;
      },
    );
    expect(await chooseModel(late, new MemoryModelHealth(), 'c')).toEqual({ model: all[2] });
  });

  test('is the default, not counted as a fallback, if no name was known when it was chosen', async () => {
    expect(await chooseModel(models, new MemoryModelHealth(), 'default')).toEqual({ model: all[0] });
  });

  test('is the default when the requested one has left the registry', async () => {
    expect(await chooseModel(models, new MemoryModelHealth(), 'gone')).toEqual({
      model: all[0],
      fallback: { requestedModel: 'gone', unavailability: 'RETIRED' },
    });
  });
});

function offering(...available: string[]): Models {
  const offer = { models: all, available: new Set(available), default: all[0] as Model };
  return modelsOf(() => offer);
}

function model(id: string, fallback: string): Model {
  return { id, name: id, vendor: 'v', contextWindow: 1_000, fallback } as Model;
}
