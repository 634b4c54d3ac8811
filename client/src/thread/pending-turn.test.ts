import type { Outgoing } from '@taskflow/client/core';
import { expect, it } from 'vitest';
import { pendingTurnOf } from './pending-turn.ts';

const item = (change: Partial<Outgoing>): Outgoing => ({
  ...{ clientMessageId: 'i1', text: 'hi', at: '', seen: null, whileSpeaking: 'AUTO' },
  ...{ status: 'sent', problem: null },
  ...{ messageId: 'm1', turnId: 't1', arrived: false },
  ...change,
});

it('a turn is pending from the moment the server has accepted its message', () => {
  expect(pendingTurnOf(null, [item({ status: 'sending', messageId: null, turnId: null })])).toBeNull();
  expect(pendingTurnOf(null, [item({})])).toEqual({ turnId: 't1' });
});

it('after the message has arrived, only the feed says whether its turn is pending', () => {
  expect(pendingTurnOf(null, [item({ arrived: true })])).toBeNull();
  expect(pendingTurnOf({ turnId: null, messageId: 'm1' }, [item({ arrived: true })])).toEqual({
    turnId: 't1',
  });
});

it('the turn of another message does not count as pending', () => {
  const live = { turnId: null, messageId: 'm2' };
  expect(pendingTurnOf(live, [item({ arrived: true })])).toEqual({ turnId: null });
  expect(
    pendingTurnOf({ turnId: null, messageId: null }, [item({ arrived: true, messageId: null })]),
  ).toEqual({
    turnId: null,
  });
  expect(pendingTurnOf({ turnId: 't2', messageId: 'm2' }, [])).toEqual({ turnId: 't2' });
});
