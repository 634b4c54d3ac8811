/** Words for a telephone number. */
export const PHONE_WORDS =
  /phone|mobile|(?<![a-z])(?:mob|cell|tel|ph)(?![a-z])|telefon|\bcall|contact|whats ?app|\bwa\.me|\bsignal\b|\bfax|\bsms|\btext|\bdial|\bring\b|\breach|helpline|hotline|landline|\bmy number|(?<![\w#] ?)\bnumber\b|\b[mtp]:|\u260e|\ud83d[\udcde\udcf1]/gi;

/** Words for other numbers. */
export const OTHER_WORDS =
  /\border|invoice|\bref|tracking|shipment|parcel|\bawb\b|consignment|ticket|\btxn|transaction|payment(?! link)|\bcase\b|\bids?\b|\bsku|serial|batch|account(?! (?:manager|executive))|\ba\/c|\bacct|\butr\b|\bpnr\b|booking|\bbuild|version|\bisbn|\bean\b|\bupc\b|barcode|\bpart\b|\bmodel|\bitem|product|article|\basin\b|timestamp|epoch|\bunix|\bts\b|(?<!\b(?:any|this|that|some|all|first|next|last|every) ?)\btime|\bpid\b|bytes|\bsize|\blength\b|\bcount|\btotal|amount|\bprice|population|\blat\b|\blon\b|\blng\b|\bcoord|commit|hash|checksum|\bcrc|\bseed|\bport\b|\bzip|postcode|pincode|policy|claim|licen[cs]e|passport|\bvat\b|gstin|registration|(?:customer|employee|student|patient|\bmember)(?=s?(?:['’]s)?[ _-]?(?:id|no|num|code|ref|#)|Id)|\bbug\b|\bissue|revision|\brev\b|offset|\blimit|\bmax|\bmin\b|\bint|random|\bplot\b|\bdiary\b|\bbill\b|challan|\b[cua]rn\b|\brrn\b|\buan\b|\brows?\b|\bpk\b|\bseq\b|\bp\.?o\b|\b(?:inr|rs|usd|eur|gbp|aed|jpy|cad|aud|sgd|chf)\b|#(?=\S)/gi;

/** Endings of names in programs that are not names of telephone numbers: `call_id`, `lastContactAt`. */
export const OTHER_NAMES =
  /(?:_(?:ids?|at|ts|time|date|count|len|length|size|total|ms|secs?|seconds)|[a-z](?:Ids?|ID|At|Ts|Time|Date|Count|Len|Length|Size|Total|Ms|Secs?|Seconds))(?![A-Za-z0-9])/g;

/** Words after a quantity: units, currencies, and counted things. */
export const UNITS =
  /^[ \u00a0-]?(?:[nmu\u00b5\u03bc]?s|sec(?:ond)?s?|[kmgtp]?i?b|bytes?|bits?|[kmg]?hz|[km]m|ms?|k?g|px|rows?|records?|users?|people|items?|tokens?|requests?|views?|points?|votes?|cycles|iterations|steps|times|inr|usd|eur|gbp|rupees?|dollars?|euros?|pounds?|lakhs?|crores?|million|billion)(?![\p{L}\p{N}])/iu;
