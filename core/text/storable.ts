/**
 * The text as any store and any encoding can carry it: a NUL, which PostgreSQL refuses, and half of a surrogate pair
 * become U+FFFD.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
