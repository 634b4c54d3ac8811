import type { InputSource } from './driver.ts';

/** https://www.w3.org/TR/webdriver2/#keyboard-actions */
const KEYS = {
  Enter: '\uE007',
  Escape: '\uE00C',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
} as const;

/** A key that has a name. */
export type Key = keyof typeof KEYS;

/** Each character by a key of its own. */
export function typing(text: string): InputSource[] {
  return keyboard([...text].flatMap((value) => [down(value), up(value)]));
}

/** The keys are pressed in order, and then released. */
export function pressing(...keys: readonly Key[]): InputSource[] {
  const values = keys.map((key) => KEYS[key]);
  return keyboard([...values.map(down), ...values.toReversed().map(up)]);
}

export function clicking(x: number, y: number): InputSource[] {
  return [
    {
      ...{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' } },
      actions: [
        { type: 'pointerMove', x, y },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ],
    },
  ];
}

function keyboard(actions: Extract<InputSource, { type: 'key' }>['actions']): InputSource[] {
  return [{ type: 'key', id: 'keyboard', actions }];
}

const down = (value: string) => ({ type: 'keyDown' as const, value });
const up = (value: string) => ({ type: 'keyUp' as const, value });
