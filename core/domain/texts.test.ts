import { describe, expect, it } from 'vitest';
import {
  CONTINUE_INSTRUCTION,
  CONTINUE_REQUEST,
  GREETING_INSTRUCTION,
  NOTHING_SAID,
  NUDGES,
  pickNudge,
  SYSTEM_PROMPT,
  TYPING_NUDGE,
  turnFailureText,
} from './texts.ts';
import { MODEL_ERROR_CODES } from './vocabulary.ts';

describe('nudges', () => {
  it('each one can be picked, and the ends of the random range pick the first and the last', () => {
    const picked = NUDGES.map((_, at) => pickNudge(() => at / NUDGES.length));
    expect(picked).toEqual([...NUDGES]);
    expect(pickNudge(() => 1 - Number.EPSILON)).toBe(NUDGES.at(-1));
    expect(new Set(NUDGES).size).toBe(NUDGES.length);
  });
});

it('every AI error has its own sentence that says what can be done, and shows no address, key or code', () => {
  const shown = [
    ...MODEL_ERROR_CODES.map((code) => turnFailureText(code, true)),
    turnFailureText('UNKNOWN', false),
  ];
  expect(new Set(shown).size).toBe(MODEL_ERROR_CODES.length + 1);
  for (const text of shown) {
    expect(text).toMatch(/\b(?:wait|try|choose|rephrase|send)\b/i);
    expect(text).toMatch(/^[A-Z].{30,158}\.$/);
    expect(text).not.toMatch(/https?:|sk-|[A-Z]+_[A-Z]+|\bat .*:\d+/);
  }
});

it('instructions to the model never look like messages', () => {
  const instructions = [SYSTEM_PROMPT, GREETING_INSTRUCTION, CONTINUE_INSTRUCTION];
  for (const text of [...instructions, NOTHING_SAID, CONTINUE_REQUEST, TYPING_NUDGE]) {
    expect(text).toBe(text.trim());
    expect(text.startsWith('[')).toBe(false);
  }
});
