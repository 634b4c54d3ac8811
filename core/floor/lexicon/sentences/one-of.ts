/** A choice (`phrase-pattern.ts`) between parts of a sentence, written over several lines with `|` between them. */
export function oneOf(parts: string): string {
  return `(${parts.replace(/\s+/g, ' ').trim()})`;
}
