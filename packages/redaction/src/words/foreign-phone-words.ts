/**
 * Words for telephone numbers of other languages than English, and the calling codes of the countries where they are spoken:
 * after such a word a number may be a national one of these countries.
 */
export const FOREIGN_PHONE_WORDS: readonly { readonly words: RegExp; readonly codes: readonly string[] }[] = [
  {
    words:
      /handy|meine nummer|telefon(?:nummer|isch)?|rufnummer|festnetz|mobil(?:nummer|funk)|anruf\w*|rufen|unter der nummer|\bruf\b|erreich\w*|durchwahl|r[üu]ckruf/,
    codes: ['49', '43', '41'],
  },
  {
    words:
      /t[ée]l[ée]phone|\btél|portable|appel\w*|joi(?:gn\w*|ndre)|num[ée]ro (?:de )?(?:t[ée]l|mobile|portable)|rappel\w*|contact(?:ez|er|e)|mon num[ée]ro|num[ée]ro|mon num|\bau(?= 0\d|$)/,
    codes: ['33', '32', '41', '212', '1'],
  },
  {
    words:
      /tel[ée]fono|\bt(?:fno|lfn?o?)\b|celular|m[óo]vil|ll[áa]m[ae]\w*|tel[ée]fonico|marc[ae] al|fijo|mi n[úu]mero|cont[áa]ct(?:eme|ame|arme|ar)|escr[íi]b[aei]\w* al/,
    codes: ['34', '52', '54', '57', '56', '51'],
  },
  {
    words:
      /telefone|celular|\b(?:cel|whats|fone)\b|telem[óo]vel|(?<![a-z])zap(?![a-z])|lig(?:ue|ar|a)\b|(?:meu|nosso) n[úu]mero|contato|contacto(?![a-z_])|telef[óo]nico/,
    codes: ['55', '351'],
  },
  {
    words:
      /电话|電話|手机|手機|致电|座机|固话|拨打|撥打|联系方式|联系我|联系人|联系|微信|来电|号码是|我的号码|请打|打给|打我|打/,
    codes: ['86', '886', '852', '65', '81'],
  },
  {
    words: /携帯|けいたい|ケータイ|連絡先|連絡|番号に|私の番号|フリーダイヤル|固定|ファックス/,
    codes: ['81'],
  },
  {
    words:
      /هاتف|الهاتف|هاتفي|جوال|موبايل|اتصل|الاتصال|للاتصال|واتساب|واتس|محمول|تلفون|تليفون|كلمني|رقمي|تواصل|فاكس/,
    codes: ['966', '971', '20', '212', '974', '965', '962', '961', '964', '213', '216', '968', '973'],
  },
  {
    words: /फ़?ोन|फोन|फ़ोन|मोबाइल|मोबाईल|कॉल|काल करें|व्हाट्सएप|व्हाट्सऐप|संपर्क|सम्पर्क|दूरभाष|मेरा नंबर/,
    codes: ['91'],
  },
  {
    words: /\btel\b|\bmobile?\b|whats ?app|\bfax\b|\bsms\b/,
    codes: [
      '49',
      '43',
      '41',
      '33',
      '32',
      '34',
      '52',
      '54',
      '57',
      '56',
      '55',
      '351',
      '86',
      '81',
      '966',
      '971',
      '20',
    ],
  },
];

/** All of them, as the source of a regular expression. */
export const FOREIGN_PHONES = FOREIGN_PHONE_WORDS.map(({ words }) => words.source).join('|');
