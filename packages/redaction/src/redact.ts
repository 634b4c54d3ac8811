import type { CountryCode } from 'libphonenumber-js/max';
import { findAadhaars } from './aadhaar.ts';
import { findAddresses } from './addresses.ts';
import { findCards } from './cards.ts';
import { digitGroups } from './digit-groups.ts';
import { findEmails } from './emails.ts';
import { type Finding, REDACTION_KINDS, type RedactionKind } from './finding.ts';
import { findEscapedSecrets } from './given-secrets.ts';
import { findGstins } from './gstin.ts';
import { findIbans } from './ibans.ts';
import { findPans } from './pan.ts';
import { findPassports } from './passports.ts';
import { Cues } from './phone-cues.ts';
import { phoneFinder } from './phones.ts';
import { findSecrets } from './secrets.ts';
import { findSocialSecurityNumbers } from './social-security.ts';
import { findUpiIds } from './upi-ids.ts';
import { viewOf } from './view.ts';
import { findVirtualIds } from './virtual-ids.ts';

export interface Redaction {
  /** The text with each finding replaced by its label, such as `[EMAIL]`. */
  readonly text: string;
  /** The redacted ranges, in the order of the text, as offsets into the original. */
  readonly findings: readonly Finding[];
}

export type Redact = (text: string) => Redaction;

/**
 * Creates a function that redacts personal data and secrets in texts. Of overlapping findings the most certain one is kept,
 * then the longest one. The time is linear in the length of the text, whatever it contains.
 */
export function createRedact({ phoneRegions }: { phoneRegions: readonly string[] }): Redact {
  const findPhones = phoneFinder(phoneRegions as CountryCode[]);
  return (original) => {
    const view = viewOf(original);
    const { text } = view;
    const unmarked = withoutMarks(text);
    const numbers = withoutNames(view.numbers === text ? unmarked : withoutMarks(view.numbers));
    const groups = digitGroups(numbers);
    const found = [
      ...findSecrets(text),
      ...findCards(numbers, groups, text),
      ...findIbans(unmarked),
      ...findAadhaars(numbers, groups, text),
      ...findEmails(text),
      ...findPans(unmarked),
      ...findGstins(unmarked),
      ...findVirtualIds(numbers, groups, text),
      ...findUpiIds(unmarked),
      ...findPassports(unmarked),
      ...findSocialSecurityNumbers(numbers, text),
      ...findAddresses(unmarked),
      ...findPhones(numbers, groups, new Cues(text)),
    ];
    const inOriginal = found.map(({ kind, start, end }) => ({ kind, ...view.original(start, end) }));
    const findings = standing([...inOriginal, ...findEscapedSecrets(original)], original.length);
    return { text: labelled(original, findings), findings };
  };
}

/** Replaces underscores around words, which are Markdown's and no letters of a name, by blanks. */
function withoutMarks(text: string): string {
  return text.includes('_') ? text.replace(EMPHASIS, (marks) => ' '.repeat(marks.length)) : text;
}

const EMPHASIS = /(?<![A-Za-z0-9_])_{1,3}(?=[^\s_])|(?<![\s_])_{1,3}(?![A-Za-z0-9_])/g;

/** Masks generated names and times, whose numbers are not personal data. The length stays the same. */
function withoutNames(text: string): string {
  return text.replace(MACHINE_NAMES, (name) => 'x'.repeat(name.length));
}

const MACHINE_NAMES =
  /(?<![\w-])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?|(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?![\w])/gi;

function standing(found: readonly Finding[], length: number): Finding[] {
  const taken = new Uint8Array(length);
  const byKind = new Map(REDACTION_KINDS.map((kind) => [kind, [] as Finding[]]));
  for (const finding of found) byKind.get(finding.kind)?.push(finding);
  const stands: Finding[] = [];
  for (const alike of byKind.values()) {
    if (areLapping(alike)) alike.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
    for (const finding of alike) {
      if (taken.subarray(finding.start, finding.end).includes(1)) continue;
      taken.fill(1, finding.start, finding.end);
      stands.push(finding);
    }
  }
  return stands.sort((a, b) => a.start - b.start);
}

/** Whether any of them overlap or are out of order. */
function areLapping(findings: readonly Finding[]): boolean {
  return findings.some(({ start }, index) => index > 0 && start < (findings[index - 1]?.end ?? 0));
}

function labelled(text: string, findings: readonly Finding[]): string {
  let from = 0;
  const parts: string[] = [];
  for (const { kind, start, end } of findings) {
    parts.push(text.slice(from, start), labelOf(kind));
    from = end;
  }
  return parts.join('') + text.slice(from);
}

function labelOf(kind: RedactionKind): string {
  return `[${kind}]`;
}
