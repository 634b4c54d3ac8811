/**
 * Replaces code in the text, character by character, with letters, so that no end of a sentence is found in it. A fenced
 * code block (CommonMark 4.5) ends in a line break, whether or not one follows it. Code that is still open at the end of the
 * text, fenced or inline, is masked up to the end. Linear in the text's length.
 */
export function maskCode(text: string): string {
  return maskFences(text).replace(INLINE, letters).replace(OPEN_INLINE, letters);
}

/** Inline code within one line: in prose, a line break ends the sentence anyway. */
const INLINE = /(?<!`)(`{1,4})(?!`)[^\n]*?(?<!`)\1(?!`)/g;
const OPEN_INLINE = /(?<!`)`{1,4}(?!`)[^\n]*$/g;
/** Also in a list or a quotation, so with more indentation than the specification allows outside of them. */
const FENCE = /^(?:[ \t]{0,8}(?:[-*+>]|\d{1,9}[.)])){0,4}[ \t]{0,12}(`{3,}|~{3,})(.*)$/;

function maskFences(text: string): string {
  let masked = '';
  let open = '';
  for (const line of text.split(/(?<=\n)/)) {
    const [, fence = '', info = ''] = FENCE.exec(line.trimEnd()) ?? [];
    if (open === '') {
      if (fence !== '' && !(fence.startsWith('`') && info.includes('`'))) open = fence;
      masked += open === '' ? line : letters(line);
    } else if (fence.startsWith(open) && info.trim() === '') {
      open = '';
      masked += `${letters(line.slice(1))}\n`;
    } else masked += letters(line);
  }
  return masked;
}

function letters(code: string): string {
  return 'X'.repeat(code.length);
}
