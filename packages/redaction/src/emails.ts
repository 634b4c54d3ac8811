import type { Finding } from './finding.ts';

/**
 * E-mail addresses by RFC 5321 as used in practice: a dotted or quoted local part, with plus-tags; a domain with a dot, in
 * any script, or an address in brackets. The search goes from each `@` in both directions.
 */
export function* findEmails(text: string): Generator<Finding> {
  let free = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const end = endOfDomain(text, at + 1);
    if (end === null) continue;
    const start = startOfLocalPart(text, { at, end, free });
    if (start === null || isCode(text, start, at, end)) continue;
    yield { kind: 'EMAIL', start, end };
    free = end;
  }
}

const LONGEST_DOMAIN = 255;
const DOMAIN_CHAR = /[\p{L}\p{M}\p{N}.-]/u;
/** Host names whose last label is a word or punycode. `example.com` before text of another script ends where that begins. */
const ASCII_DOMAIN =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,10}(?:xn--[a-z0-9-]{1,59}|[a-z]{2,24})(?![a-z0-9-])/i;
const ANY_DOMAIN =
  /^(?:[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.){1,10}(?:xn--[a-z0-9-]{1,59}|[\p{L}\p{M}]{2,24})/iu;
const LITERAL = /^\[(?:IPv6:[0-9a-f:.]{2,45}|\d{1,3}(?:\.\d{1,3}){3})\]/i;

function endOfDomain(text: string, from: number): number | null {
  if (text[from] === '[') {
    const literal = LITERAL.exec(text.slice(from, from + 60))?.[0];
    return literal ? from + literal.length : null;
  }
  let to = from;
  while (to - from < LONGEST_DOMAIN && DOMAIN_CHAR.test(text[to] ?? '')) to++;
  const named = text.slice(from, to);
  const domain = ASCII_DOMAIN.exec(named)?.[0] ?? ANY_DOMAIN.exec(named)?.[0];
  return domain ? from + domain.length : null;
}

const LONGEST_LOCAL_PART = 64;
/** Dots and characters that most servers allow, but not those before addresses in URLs, code and lists: `=/?&|{}"(),:;`. */
const LATIN_LOCAL = /[\p{Script=Latin}\p{M}0-9._%+\-'!#$*^~]/u;
const ANY_LOCAL = /[\p{L}\p{M}\p{N}._%+\-'!#$*^~]/u;
/** Marks that may be inside a local part; at its beginning they rather belong to the text before it. */
const LEADING = /^['*~#$!^.+%\p{M}-]+/u;

function startOfLocalPart(
  text: string,
  { at, end, free }: { at: number; end: number; free: number },
): number | null {
  if (text[at - 1] === '"') return startOfQuoted(text, at - 1, free);
  const least = Math.max(free, at - LONGEST_LOCAL_PART);
  const reach = (isLocal: RegExp) => {
    let start = at;
    while (start > least && isLocal.test(text[start - 1] ?? '')) start--;
    return start;
  };
  // In a script without blanks, text directly precedes a Latin name at a Latin domain.
  const latin = ASCII_DOMAIN.test(text.slice(at + 1, end)) ? reach(LATIN_LOCAL) : at;
  const start = /[A-Za-z]/.test(text.slice(latin, at)) ? latin : reach(ANY_LOCAL);
  const local = text.slice(start, at);
  const trimmed = local.replace(text[end] === '_' ? MARKED : LEADING, '');
  if (trimmed) return at - trimmed.length;
  return LETTERS.test(local) ? start : null;
}

/** The same where an underscore after the address closes Markdown's emphasis. */
const MARKED = /^['*~#$!^.+%_\p{M}-]+/u;
const LETTERS = /[\p{L}\p{N}]/u;

function startOfQuoted(text: string, quote: number, free: number): number | null {
  const least = Math.max(free, quote - LONGEST_LOCAL_PART);
  const within = text.slice(least, quote);
  const open = within.lastIndexOf('"');
  if (open === -1 || open === within.length - 1 || /[\r\n]/.test(within.slice(open))) return null;
  return least + open;
}

/** Whether it only looks like an address: `git@github.com:path`, `icon@2x.png`, `a@b.method(1)`. */
function isCode(text: string, start: number, at: number, end: number): boolean {
  const next = text[end] ?? '';
  if (next === '(' && !COMMENT.test(text.slice(end, end + 40))) return true;
  return FILE.test(text.slice(at + 1, end)) || (next === ':' && text.slice(start, at) === 'git');
}

/** A comment in brackets after an address (RFC 5322). */
const COMMENT = /^\([\p{L} ]+\)/u;
/** File extensions that are not top-level domains. */
const FILE =
  /\.(?:png|jpe?g|gif|webp|svg|avif|ico|pdf|tgz|tar|gz|whl|jar|json|jsx?|tsx|mjs|cjs|css|scss|html?|xml|ya?ml|txt|csv|log|lock|woff2?)$/i;
