/**
 * Markdown without a last line that is only the beginning of something: in mid-sentence, "- " or "=" under a paragraph would
 * make it a heading (CommonMark 4.3) until the next letter turns it into a list item.
 */
export function withoutDanglingMark(markdown: string): string {
  return markdown.replace(/\n[ \t]*[-=*+]{1,2}[ \t]*$/, '');
}
