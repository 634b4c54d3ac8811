import type { Finding, RedactionKind } from '../src/finding.ts';
import type { Redact } from '../src/redact.ts';

/** A text and what is personal or secret in it, as its author wrote it down. */
export interface LabelledText {
  readonly text: string;
  readonly values: readonly { readonly kind: string; readonly value: string }[];
}

export interface Evaluation {
  /** By kind: how many values there are, and in how many no letter or digit is left. */
  readonly kinds: ReadonlyMap<string, { values: number; found: number }>;
  /** How many ranges were redacted, and how many of them overlap a value. */
  readonly redacted: number;
  readonly right: number;
  /** Descriptions of the missed values and the wrong ranges. */
  readonly faults: readonly string[];
}

/** Evaluates by what is left in the text: under which label a value was redacted does not matter. */
export function evaluate(redact: Redact, texts: Iterable<LabelledText>): Evaluation {
  const kinds = new Map<string, { values: number; found: number }>();
  const faults: string[] = [];
  let [redacted, right] = [0, 0];
  for (const { text, values } of texts) {
    const { findings, text: left } = redact(text);
    const places = placesOf(text, values);
    for (const { kind, start, end } of places) {
      const counts = kinds.get(kind) ?? { values: 0, found: 0 };
      kinds.set(kind, counts);
      counts.values++;
      if (isCovered(text, findings, start, end)) counts.found++;
      else faults.push(`missed ${kind}: ${text} -> ${left}`);
    }
    for (const { kind, start, end } of findings) {
      redacted++;
      if (places.some((place) => place.start < end && start < place.end)) right++;
      else faults.push(`wrong ${kind} ${text.slice(start, end)}: ${text}`);
    }
  }
  return { kinds, redacted, right, faults };
}

/** The names that labelled texts have for the finders' kinds. */
export function nameOf(kind: RedactionKind): string {
  return ['PRIVATE_KEY', 'API_KEY', 'JWT', 'BEARER_TOKEN'].includes(kind) ? 'SECRET' : kind;
}

/** Where the values are in the text. A value that is labelled twice is looked for twice. */
function placesOf(text: string, values: LabelledText['values']) {
  const from = new Map<string, number>();
  return values.map(({ kind, value }) => {
    const start = text.indexOf(value, from.get(value) ?? 0);
    if (value === '' || start === -1) throw new Error(`"${value}" is not in the text: ${text}`);
    const end = start + value.length;
    from.set(value, end);
    return { kind, start, end };
  });
}

function isCovered(text: string, findings: readonly Finding[], start: number, end: number): boolean {
  for (let at = start; at < end; at++)
    if (/[\p{L}\p{N}]/u.test(text.charAt(at)) && !findings.some((each) => each.start <= at && at < each.end))
      return false;
  return true;
}
