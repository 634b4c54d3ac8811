import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newConversation } from '../conversations/new-conversation.ts';
import { LOCAL_OWNER } from '../domain/owner.ts';
import { RecentRows } from './recent-rows.ts';

describe('the rows that a process remembers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const pending = () => {
    const { row } = newConversation({ ...LOCAL_OWNER, provider: 'p', model: 'm', pacing: 'HUMAN' }, 1_000);
    return { row: { ...row, pendingTurnId: row.id } };
  };

  test('leave the memory within a minute, also if nobody asks for them', async () => {
    const rows = new RecentRows();
    const [one, two] = [pending(), pending()];
    rows.keep(one, 0);
    await vi.advanceTimersByTimeAsync(20_000);
    rows.keep(two, 0);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(rows.take(one.row.id)).toBeNull();
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('are taken once', () => {
    const rows = new RecentRows();
    const one = pending();
    rows.keep(one, 0);
    expect(rows.take(one.row.id)?.row).toEqual(one.row);
    expect(rows.take(one.row.id)).toBeNull();
  });
});
