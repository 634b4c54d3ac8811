/** Words for credit and debit cards, in the languages of `other-words.ts`, and verbs of paying with them. */
export const CARD_WORDS =
  '(?<!(?:gift|sim|loyalty|library|reward|membership|member|student|report|metro|travel|voter|ration|identity|health|business|aadhaa?r|pan) )cards?(?! ?(?:holder|game|board))|(?<![a-zà-ÿ])(?:cc|cb|pan|visa|amex|jcb|uatp|cvv|cvc)(?![a-zà-ÿ])|master ?card|american express|rupay|maestro|discover|diners|union ?pay|(?:debit|credito?)(?! notes?)|(?<![a-zà-ÿ])(?:paid|pay|charged?|billed|used|using)(?![a-zà-ÿ])|kredit|(?<![a-zà-ÿ])karte|carte|tarjeta|cart[ãa]o|crédit|débit|bezahlt|pagad|pagu[eé]|payé|支払|払い|付款|支付(?!宝)|دفع|कार्ड|क्रेडिट|डेबिट|वीज़ा|वीजा|रुपे|卡|カード|クレカ|クレジット|بطاق|فيزا|ماستر|ائتمان';

/** Words for Aadhaar, also as mistyped; `uid` is also the name of other ids. */
export const AADHAAR_NAMES =
  '(?<![a-zà-ÿ])a{1,3}d{1,2}h{0,2}a{1,3}r+(?![a-zà-ÿ])|(?<![a-zà-ÿ])aa?dh[a-z]{1,3}r(?![a-zà-ÿ])|uidai|आधार|आधर|アーダール|アーダー|アドハー|阿达尔|阿達爾|[آأا]د?دهار|آدهر';
export const AADHAAR_WORDS = `${AADHAAR_NAMES}|(?<![a-zà-ÿ])uid(?![a-zà-ÿ])|unique identification`;

export const PAN_WORDS = '(?<![a-zà-ÿ])pan(?![a-zà-ÿ])|permanent account n(?:umber|o)|पैन';

/** Words for the numbers that stand in for Aadhaar numbers. */
export const VIRTUAL_ID_WORDS =
  '(?<![a-zà-ÿ])vid(?![a-zà-ÿ])|virtual[ _-]?id|virtual (?:aadhaar|identity|identification)|virtuelle[ -]id|id(?:entifiant)? virtuel|id virtual|वर्चुअल|वीआईडी|虚拟|虛擬|仮想|バーチャル|افتراضي';

export const SOCIAL_SECURITY_WORDS =
  '(?<![a-zà-ÿ])(?:ssn|ss ?#|itin|tin)(?![a-zà-ÿ])|social[ -]?sec(?:urity)?|soc\\.? sec|sozialversicherung|sécurité sociale|seguridad social|seguro social|seguran[cç]a social|previd[êe]ncia|社会安全|社会保障|社安|社會安全|ソーシャル|الضمان|सोशल सिक्योरिटी|सामाजिक सुरक्षा';

export const PASSPORT_WORDS =
  'passport|(?<![a-zà-ÿ])pp(?:t)? ?no|reisepass|(?<![a-zà-ÿ])pass(?:-?nr|nummer)|passeport|pasaporte|passaporte|पासपोर्ट|护照|護照|パスポート|旅券|جواز';
