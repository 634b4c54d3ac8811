/** Cuts a text into pieces as long as a model's tokens: a short word with the space before it, part of a word, punctuation. */
export function piecesOf(text: string): string[] {
  return text.match(/ ?[\p{L}\p{N}]{1,8}|\s+|[^\s\p{L}\p{N}]{1,3}/gu) ?? [];
}
