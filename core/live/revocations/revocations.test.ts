import { describe, expect, test } from 'vitest';
import { describeRevocations } from '../../../test/support/contracts/revocations.ts';
import { MemoryRevocations } from './memory.ts';
import { revocationFrom } from './revocations.ts';

describeRevocations('within a process', async () => {
  const one = new MemoryRevocations();
  return { one, other: one, close: async () => {} };
});

describe('a message of another process', () => {
  test.each([null, 'x', {}, { owner: 'a' }, { apiTokenId: 1 }])('that is %o says nothing', (message) => {
    expect(revocationFrom(message)).toBeNull();
  });
});
