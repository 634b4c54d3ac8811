/**
 * Markdown without an incomplete last line: while text arrives, "- " or "=" under a paragraph would make it a heading
 * (CommonMark 4.3) until the next letter turns the line into a list item.
 */
export function withoutDanglingMark(markdown: string): string {
  return markdown.replace(/\n[ \t]*[-=*+]{1,2}[ \t]*$/, '');
}
