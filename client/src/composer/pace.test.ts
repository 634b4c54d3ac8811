import { expect, it } from 'vitest';
import { rememberedPace, rememberPace } from './pace.ts';

function storageWith(text: string | null) {
  let stored = text;
  return {
    getItem: () => stored,
    setItem: (_key: string, value: string) => {
      stored = value;
    },
  };
}

it('the pace that was chosen last is remembered, with its speed', () => {
  const storage = storageWith(null);
  expect(rememberedPace(storage)).toEqual({ pacing: 'HUMAN', readingWpm: null });
  rememberPace(storage, { pacing: 'READING', readingWpm: 450 });
  expect(rememberedPace(storage)).toEqual({ pacing: 'READING', readingWpm: 450 });
});

it.each([
  'not JSON',
  '[]',
  '{"pacing":"WARP"}',
  '{"readingWpm":5}',
  '{"readingWpm":"300"}',
  '{"readingWpm":1e9}',
])('what another release has stored, or somebody by hand, is no pace: %s', (text) => {
  expect(rememberedPace(storageWith(text))).toEqual({ pacing: 'HUMAN', readingWpm: null });
});

it('without storage a choice is not remembered, and nothing fails', () => {
  rememberPace(null, { pacing: 'INSTANT', readingWpm: null });
  expect(rememberedPace(null).pacing).toBe('HUMAN');
});
