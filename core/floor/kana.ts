/** Whether `kana` only draws out the one before it: it is the same, or its vowel, as in はああい. Both are hiragana. */
export function isDrawnOutKana(before: string, kana: string): boolean {
  return HIRAGANA.test(kana) && (before === kana || VOWELS.get(before) === kana);
}

const HIRAGANA = /^\p{Script=Hiragana}$/u;

const VOWELS = new Map(
  [
    ['あ', 'あかがさざただなはばぱまやらわゃ'],
    ['い', 'いきぎしじちぢにひびぴみり'],
    ['う', 'うくぐすずつづぬふぶぷむゆるゅ'],
    ['え', 'えけげせぜてでねへべぺめれ'],
    ['お', 'おこごそぞとどのほぼぽもよろをょ'],
  ].flatMap(([vowel = '', row = '']) => [...row].map((kana): [string, string] => [kana, vowel])),
);
