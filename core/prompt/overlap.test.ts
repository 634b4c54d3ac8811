import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OVERLAP_UNITS, withoutOverlap } from './overlap.ts';

async function* from(...pieces: string[]): AsyncGenerator<string> {
  yield* pieces;
}

async function rest(spoken: string, ...pieces: string[]): Promise<string> {
  let text = '';
  for await (const piece of withoutOverlap(spoken, from(...pieces))) text += piece;
  return text;
}

describe('a continuation loses the overlap with the spoken text', () => {
  it.each([
    ['a word that was broken off', 'He said: Hel', 'Hello there', 'lo there'],
    ['at the very beginning', 'Hel', 'Hello', 'lo'],
    ['the last word', 'It is in the', 'the sky', ' sky'],
    ['the last words', 'The sea was calm', 'was calm and blue', ' and blue'],
    ['the last words, after white space', 'The sea was calm', '\n was calm and blue', ' and blue'],
    ['the last words, before white space', 'The sea was calm ', 'was calm and blue', 'and blue'],
    ['the last words, before other white space', 'It was calm.\n\n', 'It was calm. So', ' So'],
    ['a line', '# All about it\n', '# All about it\n\nIt', '\nIt'],
    ['marks before a word', 'He said: “Hel', '“Hello”', 'lo”'],
    ['the last words, before a comma', 'The sea was calm ', 'was calm, and blue', ', and blue'],
    ['a sentence', 'Yes. The sea was calm, as ever, and', 'The sea was calm, as ever, and it', ' it'],
    ['the middle of a long word', 'Donaudampfschifffahrtsges', 'audampfschifffahrtsgesell', 'ell'],
    ['lines of code', 'x\n  if (isOpen) {\n    close', '  if (isOpen) {\n    close();\n', '();\n'],
    ['all of it', 'The sea was calm', 'The sea was calm', ''],
    ['all of it, and white space', 'The sea was calm \n', 'The sea was calm ', ''],
    ['another script', '日本の歴史は長くて', '歴史は長くて深い', '深い'],
    ['a script whose vowels are marks', 'नमस्ते दुनि', 'दुनिया', 'या'],
    ['marks and emoji', 'naïve cafe\u0301 👩‍🚀', 'cafe\u0301 👩‍🚀 club', ' club'],
  ])('%s', async (_, spoken, coming, left) => {
    expect(await rest(spoken, coming)).toBe(left);
  });

  it('up to 200 characters of it', async () => {
    const words = (count: number) => Array.from({ length: count }, (_, at) => `w${at}ab`).join(' ');
    const spoken = words(100);
    expect(await rest(spoken, `${spoken.slice(-OVERLAP_UNITS)} on`)).toBe(' on');
    const longer = `${spoken.slice(-OVERLAP_UNITS - 1)} on`;
    expect(await rest(spoken, longer)).toBe(longer);
  });
});

describe('a possible coincidence stays', () => {
  it.each([
    ['nothing in common', 'Once upon', ' a time'],
    ['a space', 'Once ', ' upon'],
    ['line breaks', 'Once\n\n', '\n\nupon'],
    ['a letter', 'the', 'evening'],
    ['a Roman numeral', 'World War I', 'I'],
    ['a syllable', 'bana', 'na'],
    ['two letters', 'me', 'mento'],
    ['the end of a word', 'to breathe', 'the air'],
    ['a longer word where the last word had ended', 'by the sea ', 'seaside towns'],
    ['a longer word in a supplementary script', '𐐀𐐁𐐂 ', '𐐀𐐁𐐂𐐃'],
    ['a word that is said twice', 'It was very', ' very good'],
    ['a number', 'in 20', '2024'],
    ['numbers', '0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ', '0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1'],
    ['a table', '| a | b | c | d |\n|---|---|---|---|\n', '|---|---|---|---|\n'],
    ['closing brackets', '      }\n    }\n', '  }\n}\n'],
    ['closing words', '      end\n    end\n', '  end\nend\n'],
    ['closing words at the margin', '  end\nend\n', 'end\n'],
    ['closing words in a row', 'end\nend\n', 'end\nend\n'],
    ['closing tags', '      </div>\n    </div>\n', '  </div>\n</div>\n'],
    ['more white space than anyone begins with', 'Once upon a time', `${' '.repeat(201)}Once upon a time`],
    ['another case', 'Once upon', 'once upon'],
    ['nothing', 'Once upon', ''],
    ['nothing was spoken', '', 'Once upon'],
  ])('%s', async (_, spoken, coming) => {
    expect(await rest(spoken, coming)).toBe(coming);
    expect(await rest(spoken, ...coming.split(''))).toBe(coming);
  });
});

describe('a stream', () => {
  /** Texts with much in common, and with white space, surrogates and marks in all positions. */
  const text = (maxLength: number) =>
    fc.string({
      unit: fc.constantFrom('sea', 'sea ', 'shell', ' ', '\n', 'a', 'é', 'e\u0301', '👩‍🚀', '𐐀𐐁𐐂', '.', '1'),
      maxLength,
    });

  it('gives the same result however it is split', async () => {
    const splits = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text(12), text(8), fc.nat(20), splits, async (spoken, more, back, lengths) => {
        const coming = spoken.slice(-back) + more;
        const pieces: string[] = [];
        let left = coming;
        for (const length of lengths) {
          pieces.push(left.slice(0, length));
          left = left.slice(length);
        }
        pieces.push(left);
        const whole = await rest(spoken, coming);
        expect(await rest(spoken, ...pieces)).toBe(whole);
        expect(coming.endsWith(whole)).toBe(true);
        expect(spoken).toContain(coming.slice(0, coming.length - whole.length).trim());
      }),
      { numRuns: 500 },
    );
  });

  /** The joined output after each piece of input. */
  async function stepsOf(spoken: string, pieces: string[]): Promise<string[]> {
    const steps: string[] = [];
    let out = '';
    async function* watched() {
      for (const piece of pieces) {
        yield piece;
        steps.push(out);
      }
    }
    for await (const piece of withoutOverlap(spoken, watched())) out += piece;
    return steps;
  }

  it('is held back only while it can be an overlap', async () => {
    const spoken = 'The sea was calm';
    expect(await stepsOf(spoken, [' and', ' blue'])).toEqual([' and', ' and blue']);
    expect(await stepsOf(spoken, ['was', ' cold', ' it'])).toEqual(['', 'was cold', 'was cold it']);
    expect(await stepsOf(spoken, ['was', ' calm', ' and'])).toEqual(['', '', ' and']);
    expect(await stepsOf('1 2 3 ', [' ', '4'])).toEqual([' ', ' 4']);
  });

  it('that fails drops the held text, and yields all text before it', async () => {
    async function* failing(...pieces: string[]) {
      yield* pieces;
      throw new Error('cut');
    }
    const heard: string[] = [];
    const hear = async (spoken: string, ...pieces: string[]) => {
      for await (const piece of withoutOverlap(spoken, failing(...pieces))) heard.push(piece);
    };
    await expect(hear('The sea was calm', 'was', ' ca')).rejects.toThrow('cut');
    expect(heard).toEqual([]);
    await expect(hear('The sea was calm', ' and', ' blue')).rejects.toThrow('cut');
    expect(heard).toEqual([' and', ' blue']);
  });

  it('whose iteration ends early closes its source', async () => {
    let closed = false;
    async function* source() {
      try {
        yield 'One';
        yield 'two';
      } finally {
        closed = true;
      }
    }
    for await (const _ of withoutOverlap('Zero', source())) break;
    expect(closed).toBe(true);
  });
});
