/** What the words around a number call it. */
export class Cues {
  readonly #text: string;
  #phone: Int32Array | undefined;
  #other: Int32Array | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** By the words before it on its line, and those right after it; what calls it a phone number goes first. Null: nothing does. */
  of(start: number, end: number): 'phone' | 'other' | null {
    this.#phone ??= positionsOf(this.#text, PHONE_WORDS);
    const from = this.#lineStart(start);
    if (isAnyIn(this.#phone, from, start) || isAnyIn(this.#phone, end, end + REACH_AFTER)) return 'phone';
    this.#other ??= positionsOf(this.#text, OTHER_WORDS);
    return isAnyIn(this.#other, from, start) ? 'other' : null;
  }

  #lineStart(at: number): number {
    const from = Math.max(0, at - REACH);
    const before = this.#text.slice(from, at);
    return from + Math.max(before.lastIndexOf('\n'), before.lastIndexOf(';')) + 1;
  }
}

/** How far from a number it may be said what it is, in characters. */
const REACH = 40;
const REACH_AFTER = 20;

const PHONE_WORDS =
  /phone|mobile|\bmob\b|\bcell\b|\btel\b|telefon|\bcall|contact|whats ?app|\bwa\.me|\bsignal\b|\bfax|\bsms|\btext|\bdial|\bring\b|\breach|\bph\b|helpline|hotline|landline|\bmy number|\bm:|\bt:|\bp:|[\u260e\u{1f4de}\u{1f4f1}]/giu;
const OTHER_WORDS =
  /\border|invoice|\bref|tracking|shipment|parcel|\bawb\b|consignment|ticket|\btxn|transaction|payment|\bcase\b|\bid\b|_id\b|\bids\b|[a-z]Id\b|[a-z]ID\b|\bsku|serial|batch|account|\ba\/c|\bacct|\butr\b|\bpnr\b|booking|\bbuild|version|\bisbn|\bean\b|\bupc\b|barcode|\bpart\b|\bmodel|\bitem|product|article|\basin\b|timestamp|epoch|\bunix|\bts\b|\btime|\bpid\b|bytes|\bsize|\bcount|\btotal|amount|\bprice|population|\blat\b|\blon\b|\blng\b|\bcoord|commit|hash|checksum|\bcrc|\bseed|\bport\b|\bzip|postcode|pincode|customer|policy|claim|licen[cs]e|passport|\bvat\b|gstin|registration|employee|student|patient|\bmember|\bbug\b|\bissue|revision|\brev\b|offset|\blimit|\bmax|\bmin\b|\bint|random|#/gi;

/** Where they begin, in order. */
function positionsOf(text: string, words: RegExp): Int32Array {
  const positions: number[] = [];
  for (const { index } of text.matchAll(words)) positions.push(index);
  return Int32Array.from(positions);
}

function isAnyIn(positions: Int32Array, from: number, to: number): boolean {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return low < positions.length && (positions[low] as number) < to;
}
