import { type RefObject, useEffect } from 'react';
import { typesByFinger } from '../types-by-finger.ts';

/** Focuses the first empty field of a form when it appears, unless that would open a keyboard on the screen. */
export function useFocus(form: RefObject<HTMLFormElement | null>): void {
  useEffect(() => {
    const inputs = [...(form.current?.querySelectorAll('input') ?? [])];
    const first = inputs.find(({ value }) => value === '') ?? inputs[0];
    if (!typesByFinger()) first?.focus({ preventScroll: true });
  }, [form]);
}
