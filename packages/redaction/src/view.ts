/**
 * The normalized text that finders read: digits and letters of all widths and scripts are mapped to plain ones, invisible
 * characters are removed, and escapes of JSON and URLs are decoded. Offsets can be mapped back to the original text.
 */
export interface View {
  readonly text: string;
  /**
   * The same text for finders of numbers, of the same length: a letter next to digits of another width or script, as in
   * `is４１１１`, is replaced by a blank, since no generated name has both.
   */
  readonly numbers: string;
  /** The range of the original text for `[start, end)` of the view. */
  original(start: number, end: number): { start: number; end: number };
}

export function viewOf(original: string): View {
  if (!DISGUISED.test(original))
    return { text: original, numbers: original, original: (start, end) => ({ start, end }) };
  const codes = new Uint16Array(original.length);
  const starts = new Uint32Array(original.length);
  const ends = new Uint32Array(original.length);
  const seams: number[] = [];
  let length = 0;
  for (let at = 0; at < original.length; ) {
    const { code, width } = readAt(original, at);
    if (code !== GONE) {
      codes[length] = code;
      starts[length] = at;
      ends[length] = at + width;
      if (length > 0 && isWide(original, at) !== isWide(original, starts[length - 1] as number)) {
        if (isTouching(codes[length - 1] as number, code)) seams.push(length - 1);
        if (isTouching(code, codes[length - 1] as number)) seams.push(length);
      }
      length++;
    }
    at += width;
  }
  const read = (from: Uint16Array) => Buffer.from(from.buffer, 0, length * 2).toString('utf16le');
  const text = read(codes);
  return {
    text,
    numbers: seams.length === 0 ? text : read(blanked(codes, seams)),
    original: (start, end) => ({ start: starts[start] ?? original.length, end: ends[end - 1] ?? 0 }),
  };
}

/** Returns the codes with blanks at these positions. */
function blanked(codes: Uint16Array, at: readonly number[]): Uint16Array {
  const copy = codes.slice();
  for (const index of at) copy[index] = BLANK;
  return copy;
}

/** Whether the codes are a Latin letter and a digit. */
function isTouching(letter: number, digit: number): boolean {
  const lower = letter | 0x20;
  return lower >= 0x61 && lower <= 0x7a && digit >= ZERO && digit < ZERO + 10;
}

/** Matches a text that differs from its view. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: everything beyond ASCII is meant
const DISGUISED = /[^\x00-\x7f]|%[2-7][0-9A-Fa-f]|\\[nrtu/]/;
const GONE = -1;

function readAt(text: string, at: number): { code: number; width: number } {
  const code = text.charCodeAt(at);
  if (code === PERCENT) {
    const hex = /^[2-7][0-9A-Fa-f]$/.test(text.slice(at + 1, at + 3)) ? text.slice(at + 1, at + 3) : null;
    if (hex) return { code: Number.parseInt(hex, 16), width: 3 };
  } else if (code === BACKSLASH) {
    const escaped = ESCAPES[text[at + 1] ?? ''];
    if (escaped !== undefined) return { code: escaped, width: 2 };
    const hex = text[at + 1] === 'u' ? text.slice(at + 2, at + 6) : '';
    if (/^[0-9A-Fa-f]{4}$/.test(hex)) return { code: plain(Number.parseInt(hex, 16)), width: 6 };
  } else if (code === HIGH_SURROGATE) {
    // Mathematical digits: five styles with ten digits each.
    const style = text.charCodeAt(at + 1) - 0xdfce;
    if (style >= 0 && style < 50) return { code: ZERO + (style % 10), width: 2 };
  }
  return { code: code < 0x80 ? code : plain(code), width: 1 };
}

const isWide = (text: string, at: number) => text.charCodeAt(at) >= 0x80;

const BLANK = 0x20;
const PERCENT = 0x25;
const BACKSLASH = 0x5c;
const HIGH_SURROGATE = 0xd835;
const ZERO = 0x30;
const ESCAPES: Record<string, number | undefined> = { n: 10, r: 13, t: 9, '/': 0x2f };

function plain(code: number): number {
  return PLAIN[code] ?? code;
}

// Format characters: zero-width spaces and joiners, directional marks, the soft hyphen; also variation selectors.
const INVISIBLE = /\p{Cf}|[\ufe00-\ufe0f]/u;
const SPACE = /\p{Zs}/u;
const DASH = /[\p{Pd}\u2212]/u;
const DOT = /[\u00b7\u2024\u2027\u3002\uff0e\uff61]/;
const DIGIT = /\p{Nd}/u;

/** The normalized code for each code unit. Built once: 64k entries. */
const PLAIN: Int32Array = (() => {
  const table = Int32Array.from({ length: 0x1_0000 }, (_, code) => code);
  for (let code = 0x80; code < 0x1_0000; code++) {
    const char = String.fromCharCode(code);
    if (INVISIBLE.test(char)) table[code] = GONE;
    else if (SPACE.test(char)) table[code] = 0x20;
    else if (DASH.test(char)) table[code] = 0x2d;
    else if (DOT.test(char)) table[code] = 0x2e;
    else if (code >= 0xff01 && code <= 0xff5e) table[code] = code - 0xfee0;
    else if (DIGIT.test(char)) table[code] = ZERO + digitOf(code);
  }
  return table;
})();

/** The value of a decimal digit. Unicode has decimal digits in runs of ten, starting with zero. */
function digitOf(code: number): number {
  let zero = code;
  while (code - zero < 9 && DIGIT.test(String.fromCharCode(zero - 1))) zero--;
  return code - zero;
}
