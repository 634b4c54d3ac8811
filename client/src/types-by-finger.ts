/** Whether this is a touch screen without a mouse: its keyboard is on the screen, and must not open by itself. */
export function typesByFinger(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches;
}
