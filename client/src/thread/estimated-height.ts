/** Letters in a line of the column, about. */
const LINE = 80;
/** In pixels. */
const LINE_HEIGHT = 24;
/** The padding of a row, and the line below its text, in pixels. */
const AROUND = 64;

/** The height of a row with this text before it has been measured, in pixels. A wrong one only makes the scroll bar inexact. */
export function estimatedHeight(text: string): number {
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LINE)), 0);
  return AROUND + lines * LINE_HEIGHT;
}
