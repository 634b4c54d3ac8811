/** The token that all words of laughter are read as. */
export const LAUGHTER = '<laughter>';

/** Whether a token (folded) is laughter, however long, as it is typed in one of the languages. Linear in its length. */
export function isLaughter(token: string): boolean {
  return LAUGHS.test(token);
}

/** One syllable at least twice, beginning or ending in the middle. */
const LAUGHS = new RegExp(
  `^(?:${[
    '(?:b+w?|mu|w)?a*(?:h+[aeio]+){2,}h*',
    'h+[ae]+h+',
    // Spanish, Portuguese
    'a*(?:j+[aei]+s*){2,}j*',
    '(?:j+[sak]+){2,}j*',
    'k{2,}j?k*',
    '(?:rs+){2,}r?',
    '(?:h+ue+){2,}h*',
    '[hs]*(?:au[hs]+){2,}a*',
    '(?:[hs]+ua+){2,}[hs]*',
    // English, French
    '(?:lo+l+)(?:o+l+)*(?:z|ing|s)?',
    'l+m+f?a+o+',
    'rofl+',
    '(?:ke+k)+',
    'xd+',
    'mdr+',
    'ptd+r+',
    // Russian
    '[аеи]?х+[аеио]+(?:х+[аеио]+)+х*',
    'а(?:х+а+)+х*',
    'ах{2,}',
    'х{3,}',
    'хе+х+',
    'хд+',
    'лол+',
    'ло+л',
    'кек',
    'ржу(?:нимагу)?',
    '(?:ы){3,}',
    // Arabic
    'ه{2,}',
    '(?:ها+){2,}ه*',
    '(?:هي+){2,}ه*',
    'خ{3,}',
    'لو+ل+',
    // Hindi
    '(?:ह[ाेीि]+){2,}ह?',
    'ह{3,}',
    // Chinese, Japanese
    'h{2,}',
    'w{2,}',
    '2+3{2,}',
    'x+s+w+l+',
  ].join('|')})$`,
  'u',
);
