/**
 * The words, characters and emoji of each clause of a text, in a form in which writings that mean the same are the same; null
 * where the text has a question mark of any script.
 *
 * A token is
 * - a word, in scripts with blanks between words;
 * - a character, in Chinese and Japanese;
 * - an emoji, without skin tone, gender and variation selector;
 * - an emoticon, or a mark that says more than a pause, such as `+`, `/` and `{`.
 *
 * Folded are case, compatibility forms (full-width and half-width, NFKC), accents on Latin, Cyrillic and Arabic letters, the
 * spellings of alef, yeh and nasal signs that are used for each other, katakana and small kana to hiragana, long-vowel marks,
 * traditional to simplified characters (those of the lexicon). Left out are white space, apostrophes, marks of pauses and of
 * emphasis. Linear in the text's length.
 */
export function clausesOf(text: string): string[][] | null {
  const folded = fold(text);
  return QUESTION.test(folded) ? null : folded.split(CLAUSE_END).map(tokensOf);
}

/** The tokens of a text that is folded. */
export function tokensOf(clause: string): string[] {
  return clause.match(TOKEN)?.filter((token) => !PAUSE.test(token)) ?? [];
}

const CLAUSE_END = /[,.!\n…、。،؛।॥—–]+|;(?![-)])/u;

/** The question marks that NFKC leaves, of Latin, Arabic, Armenian and Ethiopic script, and the emoji. */
const QUESTION = /[?¿؟՞፧⸮‽❓❔⁉]/u;

const EMOTICON = String.raw`[:;=8x]-?[)\]dp3*]+(?![\p{L}\p{N}])|<3+|\^_*\^|\(y\)|:'?-?[(\[/\\|]|\({2,}|\+1(?!\p{N})`;
const CHARACTER = String.raw`[\p{Script=Han}\p{Script=Hiragana}]`;
const WORD = String.raw`(?:(?!${CHARACTER})[\p{L}\p{M}\p{N}])+`;
const TOKEN = new RegExp(`${EMOTICON}|${CHARACTER}|${WORD}|.`, 'gsu');

/** What says nothing by itself. Gender signs belong to the emoji before them. */
const PAUSE = /^[\s.,!;:"“”„«»()[\]\-‐-―~〜・·…、。「」『』،؛।॥¡*_♀♂]$/u;

/** The text in the form that its tokens are compared in. */
export function fold(text: string): string {
  const plain = text
    .replace(APOSTROPHES, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(UNSEEN, '')
    .normalize('NFC');
  return plain.replace(FOLDED, (character) => FOLDS.get(character) ?? '').replace(CUT_SHORT, '');
}

/** A word that is cut short, as in はいっ. */
const CUT_SHORT = /っ+(?!\p{Script=Hiragana})/gu;

const APOSTROPHES = /['’‘ʼ´`＇]/g;
/**
 * Format characters and joiners, variation selectors, skin tones; accents, Arabic vowel signs and the Devanagari nukta, which
 * stand apart from their letters in NFKD.
 */
const UNSEEN =
  /\p{Cf}|\p{Variation_Selector}|\p{Emoji_Modifier}|[\u0300-\u036F]|[\u0640\u064B-\u0655\u0670]|[\u093C\u093D]/gu;

const KATAKANA = Array.from({ length: 86 }, (_, at) => 0x30a1 + at);
const TRADITIONAL = `謝谢 對对 繼继 續续 沒没 問问 題题 說说 講讲 聽听 這这 樣样 個个 當当 確确 實实 贊赞 讚赞 厲厉 嗎吗
  來来 請请 幫帮 過过 學学 會会 愛爱 錯错 麼么 後后 開开 給给 讓让 還还 為为 點点 無无 應应 該该 認认 識识 覺觉 體体 瞭了
  嘆叹 從从 間间 時时 現现 發发 經经 讀读 懶懒 啟启 員员 氣气 單单 聲声 長长 們们 興兴 辯辨 嚇吓 總总 雖虽 歡欢 驚惊 訝讶
  簡简 類类 課课 詳详 細细 淺浅 釋释 導导 師师 兒儿 與与 並并 儘尽 盡尽 強强 絕绝 倫伦 賞赏 妳你 嘞嘞 囉啰 囖啰 喲哟 噠哒
  靈灵 動动 條条 邏逻 輯辑 記记 錄录 終终 難难 處处 滿满 優优 選选 場场 齊齐 話话 機机 緒绪 約约 舊旧 務务 復复 複复`;

const FOLDS = new Map<string, string>([
  ['ß', 'ss'],
  ['œ', 'oe'],
  ['æ', 'ae'],
  ['ø', 'o'],
  ['ى', 'ي'],
  ['ی', 'ي'],
  ['ې', 'ي'],
  ['ک', 'ك'],
  ['ة', 'ه'],
  ['ٱ', 'ا'],
  ['ۃ', 'ه'],
  ['ہ', 'ه'],
  ['ँ', 'ं'],
  ['ー', ''],
  ['〜', ''],
  ['～', ''],
  ...KATAKANA.map((code): [string, string] => [String.fromCharCode(code), hiragana(code)]),
  ...[...'ぁぃぅぇぉ'].map((small): [string, string] => [small, large(small)]),
  ...TRADITIONAL.split(/\s+/).map(([from = '', to = '']): [string, string] => [from, to]),
]);
const FOLDED = new RegExp(`[${[...FOLDS.keys()].join('')}]`, 'gu');

function hiragana(katakana: number): string {
  return large(String.fromCharCode(katakana - 0x60));
}

/** Small vowels only lengthen, as in へぇ. Others, as in しょ, change the syllable and stay. */
function large(kana: string): string {
  return 'ぁぃぅぇぉ'.includes(kana) ? String.fromCharCode(kana.charCodeAt(0) + 1) : kana;
}
