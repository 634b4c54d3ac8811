/**
 * The text in a form that any store and encoding accepts: a NUL, which PostgreSQL refuses, and a lone surrogate become
 * U+FFFD.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
