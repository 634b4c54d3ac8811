import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Call } from './call.ts';

describe('the time limits of a call', () => {
  let call: Call;
  beforeEach(() => {
    vi.useFakeTimers();
    call = new Call(new AbortController().signal, { timeoutMs: 100, maxWaitMs: 250 });
    call.progressed();
  });
  afterEach(() => {
    call.dispose();
    vi.useRealTimers();
  });
  const pass = (ms: number) => vi.advanceTimersByTime(ms);

  test('silence ends the call, and the reason names the setting', () => {
    pass(99);
    expect(call.over).toBe(false);
    pass(1);
    expect(call.over).toBe(true);
    expect(call.expiry).toContain('LLM_TIMEOUT_MS');
  });

  test('a text or a thought restarts the limit', () => {
    for (let i = 0; i < 10; i++) {
      pass(90);
      call.progressed();
    }
    expect(call.over).toBe(false);
  });

  test('keep-alives extend the limit up to the longest wait, and the reason names that setting', () => {
    for (let i = 0; i < 4; i++) {
      pass(60);
      call.isAlive();
    }
    pass(9);
    expect(call.over).toBe(false);
    pass(1);
    expect(call.expiry).toContain('LLM_MAX_WAIT_MS');
  });

  test('after a text, keep-alives may extend the limit by the longest wait again', () => {
    for (let i = 0; i < 12; i++) {
      pass(60);
      if (i % 4 === 3) call.progressed();
      else call.isAlive();
    }
    expect(call.over).toBe(false);
  });

  test('no limit runs while the reader takes its time', () => {
    call.rest();
    pass(10_000);
    expect(call.over).toBe(false);
    call.progressed();
    pass(100);
    expect(call.over).toBe(true);
  });

  test('the limit is short after the answer', () => {
    call.endWithin(20);
    pass(20);
    expect(call.over).toBe(true);
  });

  test('no limit runs once the call is disposed', () => {
    call.dispose();
    pass(10_000);
    expect(call.expiry).toBeNull();
  });
});
