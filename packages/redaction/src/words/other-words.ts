/**
 * Words before numbers that are orders, accounts, references and the like, in English, Hindi (also in Latin letters), German,
 * French, Spanish, Portuguese, Chinese, Japanese and Arabic. Words of scripts without blanks need no edges.
 */
const ENGLISH =
  '(?<!b)order(?!ed|ing)|invoice|(?<![a-zà-ÿ])ref(?:s|no|erences?)?(?![a-zà-ÿ])|(?:upi|txn|bank|payment|order|imps|neft)_?ref|tracking|shipment|parcel|consignment|way ?bill|ticket|transaction|booking|reservation|receipt|voucher|coupon|serial|batch|barcode|account(?! (?:manager|executive))|(?<![a-zà-ÿ])(?:awb|txn|utr|rrn|pnr|arn|crn|urn|srn|cif|ids?|sku|isbn|issn|ean|upc|gtin|imei|iccid|imsi|vin|acct|cases?|parts?|lots?|loan|folio|claims?|builds?|hash|seed|model|item|crc|otp|pid|lat|lon|lng|po|vat|gstin|cin|ifsc|micr|swift|rev|min|max|int|bug|meter|roll|bill|challan|siren|siret|cnpj|cpf|nfe?|span|trace|snowflake|key|uuid|guid|asin)(?![a-zà-ÿ])|a/c|(?<![a-zà-ÿ])(?:upi|imps|neft|rtgs|uan|epf|lpg|irn|abha|epic|dl|incident|inv|packages?|grievance|pods?|runs?|issue|hsn|channel|video|deployment|pr|fastag|block|rs|inr|usd|eur|gbp|ts|times?|dates?|ports?|threads?|index|pages?|size|cursor|credit notes?|debit notes?|voter|rows?|seq|pk|nonce|tweet|post|ord|chassis|engine|certificate|catalog(?:ue)?|refid|refno)(?![a-zà-ÿ])|(?<![a-zà-ÿ])(?:acc|sr|ack|cust|doc|reg|app|sl|so|do|rma|crm|tkt)\\.? ?(?:no(?![a-zà-ÿ])|num|#|id(?![a-zà-ÿ]))|acknowledge?ment|s/n|(?:customer|employee|student|patient|members?|membership|consumer|subscriber|merchant|vendor|user|applicant|beneficiary)(?=(?:[\u0027’]s)?[ _-]?(?:id|n[or]|num|code|ref|#|account|a/c))|(?:device|request|session|message|application|enrol?ment|registration|policy|licen[cs]e|complaint|docket|demat|deposit|statement|cheque|loyalty|dispatch|delivery|courier|shipping|warehouse|confirmation|product|article|version|timestamp|epoch|checksum|commit|revision|offset|population|balance|amount|bytes|length|count|total|price)(?!s? (?:with|by|from|using)(?![a-zà-ÿ]))|(?:gift|sim|loyalty|library|reward|membership|member|student|report|metro|health|rashan|travel pass|voter|ration|identity) cards?|frequent flyer';
const HINDI =
  'ऑर्डर|आर्डर|ऑडर|चालान|इनवॉइस|इनवॉयस|बिल(?:\\s|$)|ट्रैकिंग|शिपमेंट|पार्सल|कूरियर|संदर्भ|सन्दर्भ|रेफरेंस|रेफ़रेंस|रेफ|खाता|खाते|अकाउंट|अकाउन्ट|लेन-?देन|ट्रांजैक्शन|ट्रांज़ैक्शन|ट्रांसक्शन|यूटीआर|बुकिंग|टिकट|पीएनआर|रसीद|शिकायत|पॉलिसी|सीरियल|उपभोक्ता|मीटर|ग्राहक (?:आईडी|संख्या|क्रमांक)|आवेदन|पंजीकरण|राशि|आईडी|वर्ज़न|केस|(?:गिफ्ट|राशन|सदस्यता) कार्ड|(?<![a-zà-ÿ])(?:khata|khate|khaata|shikayat|raseed|rashi|lenden)(?![a-zà-ÿ])';
const GERMAN =
  'bestell|auftrag|rechnung|sendung|paket|referenz|verwendungszweck|vorgang|kunden-?(?:n|id|konto)|konto|buchung|vertrag|artikel|serien|aktenzeichen|kassenzeichen|mandat|gl[äa]ubiger|beleg|lieferschein|z[äa]hler|steuer|betrag|mitglieds|versicherungs|überweisung|kennung|transak|gutschein|matrikel|(?:geschenk|kunden|bonus|treue)karte';
const ROMANCE =
  'commande|facture|suivi|colis|référence|(?<![a-zà-ÿ])réf(?![a-zà-ÿ])|compte|dossier|(?<![a-zà-ÿ])client|réservation|s[ée]rie|contrat|billet|virement|bordereau|devis|montant|livraison|expédition|pedido|factura|seguimiento|env[ií]o|paquete|refer[eê]ncia|cuenta|reserva|expediente|recibo|transac|transa[cç]|transfer|albar[aá]n|importe(?![a-zà-ÿ])|(?<![a-zà-ÿ])lote|gu[ií]a|rastre|boleto|tr[aá]mite|operaci|fatura|nota fiscal|encomenda|remessa|(?<![a-zà-ÿ])conta(?![a-zà-ÿ])|protocolo|(?<![a-zà-ÿ])processo|matr[ií]cula|(?<![a-zà-ÿ])valor(?![a-zà-ÿ])|identifica|adhérent|chamado|carte (?:cadeau|de fidélité|vitale)|tarjeta (?:de )?(?:regalo|fidelidad|cliente)|cart[ãa]o (?:presente|fidelidade)';
const CHINESE =
  '订单|訂單|[单單][号號]|运单|快递|物流|发票|發票|流水|[账帐賬帳][号號户戶]|参考|參考|交易|编号|編號|序列|工单|案件|合同|会员[号卡]|會員[號卡]|客户[编号]|保单|条码|追踪|跟踪|单据|商户|学号|工号|版本|金额|批号|凭证|包裹|时间戳|[礼会购][品员物]卡[号]?|取件码|预订';
const JAPANESE =
  '注文|受注|伝票|追跡|請求|口座|取引|照会|参照|予約|シリアル|製造番号|会員番号|顧客番号|お客様番号|契約|問い?合わ?せ|管理番号|整理番号|受付|商品|型番|配送|送り状|領収|証券|バージョン|オーダー|インボイス|トラッキング|アカウント|チケット|リファレンス|荷物|決済|ケース|(?:ギフト|会員|ポイント)カード';
const ARABIC =
  'طلب|فاتور|تتبع|شحن|مرجع|حساب|معامل|عملي[ةه]|حجز|تذكر|إيصال|ايصال|تسلسل|عقد|رقم العميل|إصدار|بوليص|قضي|مبلغ|طرد|تحويل|معرف|بطاق[ةه] (?:ال)?هدي[ةه]|عضوي[ةه]';

export const OTHER_SUBJECTS = [ENGLISH, HINDI, GERMAN, ROMANCE, CHINESE, JAPANESE, ARABIC].join('|');

/** The words of other languages than English. */
export const FOREIGN_SUBJECTS = [HINDI, GERMAN, ROMANCE, CHINESE, JAPANESE, ARABIC].join('|');
