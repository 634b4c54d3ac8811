import { WrittenData } from '../../graphql/compiled/written-data.ts';

/** How long a part is from which on it is complete, in UTF-16 code units. Making and writing it takes about a millisecond. */
const PART = 65_536;

/**
 * The JSON of a result, as JSON.stringify would write it, in parts: each is a little longer than `part`, and is made when it
 * is taken. A single text is not divided.
 */
export function* jsonParts(value: unknown, part = PART): Generator<string> {
  const written = new Written(part);
  yield* partsOf(value, written);
  if (written.text !== '') yield written.text;
}

/** What is written and not taken yet. */
class Written {
  readonly part: number;
  text = '';

  constructor(part: number) {
    this.part = part;
  }

  get isPart(): boolean {
    return this.text.length >= this.part;
  }

  /** Whether a value can be written in one piece: it has no lists or objects in it, and little text. */
  isOnePiece(value: object): boolean {
    let length = 0;
    for (const [key, one] of Object.entries(value)) {
      if (isContainer(one)) return false;
      length += key.length + (typeof one === 'string' ? one.length : 0);
    }
    return length < this.part;
  }

  take(): string {
    const { text } = this;
    this.text = '';
    return text;
  }
}

function* partsOf(value: unknown, written: Written): Generator<string> {
  if (value instanceof WrittenData) yield* slicesOf(value.json, written);
  else if (!isContainer(value) || written.isOnePiece(value)) {
    written.text += JSON.stringify(value) ?? 'null';
    if (written.isPart) yield written.take();
  } else if (Array.isArray(value)) {
    let before = '[';
    for (const one of value) {
      written.text += before;
      yield* partsOf(one, written);
      before = ',';
    }
    written.text += before === '[' ? '[]' : ']';
  } else {
    let before = '{';
    for (const [key, one] of Object.entries(value)) {
      if (one === undefined) continue;
      written.text += `${before}${JSON.stringify(key)}:`;
      yield* partsOf(one, written);
      before = ',';
    }
    written.text += before === '{' ? '{}' : '}';
  }
}

/** A surrogate pair is not divided: each part is encoded by itself. */
function* slicesOf(json: string, written: Written): Generator<string> {
  for (let at = 0; at < json.length; ) {
    const end = at + written.part;
    const isInPair = /[\ud800-\udbff]/.test(json.charAt(end - 1));
    const slice = json.slice(at, isInPair ? end + 1 : end);
    written.text += slice;
    at += slice.length;
    if (written.isPart) yield written.take();
  }
}

/** Whether it has values in it. Others, such as dates, say themselves what they are as JSON. */
function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return !('toJSON' in value && typeof value.toJSON === 'function');
}
