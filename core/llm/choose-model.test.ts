import { describe, expect, test } from 'vitest';
import { MemoryModelHealth } from '../model-health/memory.ts';
import { chooseModel } from './choose-model.ts';
import type { Model, Models } from './models.ts';

const all = ['a', 'b', 'c'].map((id, i) => model(id, ['b', 'c', 'a'][i] as string));
const models: Models = {
  all,
  default: all[0] as Model,
  isAvailable: () => true,
  get: (id) => all.find((each) => each.id === id),
  resolve: (id) => {
    const found = all.find((each) => each.id === id);
    return found ? { model: found, fellBack: false } : { model: all[0] as Model, fellBack: true };
  },
};

describe('the model of a turn', () => {
  test('is the one asked for while it is well', async () => {
    expect(await chooseModel(models, new MemoryModelHealth(), 'b')).toEqual({ model: all[1] });
  });

  test('is the next of its fallbacks that is well while it is sick', async () => {
    const health = new MemoryModelHealth();
    await health.sicken('a', 1_000);
    expect(await chooseModel(models, health, 'a')).toEqual({
      model: all[1],
      fallback: { requestedModel: 'a', unavailability: 'UNAVAILABLE' },
    });
    await health.sicken('b', 1_000);
    expect((await chooseModel(models, health, 'a')).model.id).toBe('c');
  });

  test('is the one asked for when all are sick', async () => {
    const health = new MemoryModelHealth();
    for (const { id } of all) await health.sicken(id, 1_000);
    expect(await chooseModel(models, health, 'b')).toEqual({ model: all[1] });
  });

  test('is the default when the one asked for has left the registry', async () => {
    expect(await chooseModel(models, new MemoryModelHealth(), 'gone')).toEqual({
      model: all[0],
      fallback: { requestedModel: 'gone', unavailability: 'RETIRED' },
    });
  });
});

function model(id: string, fallback: string): Model {
  return { id, name: id, vendor: 'v', contextWindow: 1_000, fallback } as Model;
}
