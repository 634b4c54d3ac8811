import { beforeEach, describe, expect, test } from 'vitest';
import { BudgetExceededError } from '../../core/domain/errors.ts';
import { Budget } from './budget.ts';

const MIDNIGHT = Date.UTC(2026, 10, 26);
const HOUR = 3_600_000;
const ann = { owner: 'ann', tenant: 'acme' };

describe("a day's budget of tokens", () => {
  let now: number;
  let asked: [who: string, since: number][];
  let used: Record<string, number>;
  beforeEach(() => {
    now = MIDNIGHT + 23 * HOUR;
    asked = [];
    used = {};
  });

  function budgetOf(tokensPerOwnerDay: number, tokensPerTenantDay: number): Budget {
    const read = async (who: string, since: number) => {
      asked.push([who, since]);
      return used[who] ?? 0;
    };
    return new Budget({
      config: { tokensPerOwnerDay, tokensPerTenantDay },
      usage: { ofOwner: ({ owner }, since) => read(owner, since), ofTenant: read },
      refusals: { record: () => new Error() as never },
      clock: { now: () => now },
    });
  }
  const refusalOf = (budget: Budget) =>
    budget
      .admission(ann)?.()
      .then(
        () => null,
        (error: unknown) => error,
      );

  test('is none where none is set, and nothing is read for it', () => {
    expect(budgetOf(0, 0).admission(ann)).toBeUndefined();
  });

  test('of an owner is used up when the calls of the day took all of it, until midnight in UTC', async () => {
    const budget = budgetOf(100, 0);
    used.ann = 99;
    expect(await refusalOf(budget)).toBe(null);
    used.ann = 100;
    const refusal = await refusalOf(budget);
    expect(refusal).toBeInstanceOf(BudgetExceededError);
    expect((refusal as BudgetExceededError).resetsAt).toEqual(new Date(MIDNIGHT + 24 * HOUR));
    expect(asked).toEqual([
      ['ann', MIDNIGHT],
      ['ann', MIDNIGHT],
    ]);
  });

  test('of a tenant is that of all its owners, and is read at most every few seconds', async () => {
    const budget = budgetOf(0, 100);
    used.acme = 100;
    for (const _ of [1, 2, 3]) expect(await refusalOf(budget)).toBeInstanceOf(BudgetExceededError);
    expect(asked).toEqual([['acme', MIDNIGHT]]);
    used.acme = 0;
    now += 5_000;
    expect(await refusalOf(budget)).toBe(null);
  });

  test('of another day is another', async () => {
    const budget = budgetOf(0, 100);
    used.acme = 100;
    now = MIDNIGHT + 24 * HOUR - 1;
    expect(await refusalOf(budget)).toBeInstanceOf(BudgetExceededError);
    used.acme = 0;
    now += 1;
    expect(await refusalOf(budget)).toBe(null);
    expect(asked.at(-1)).toEqual(['acme', MIDNIGHT + 24 * HOUR]);
  });
});
