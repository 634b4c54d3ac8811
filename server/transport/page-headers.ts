/** The headers of a page that may load, run and connect to only what `policy` names, by directive. No other page may frame it. */
export function pageHeaders(policy: Record<string, string>): Record<string, string> {
  const directives = Object.entries({ ...policy, ...NEVER }).map((one) => one.join(' '));
  return {
    'content-security-policy': directives.join('; '),
    // No other site learns an address of ours, but this server sees which page calls it (cross-site.ts).
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  };
}

const NEVER = { 'base-uri': "'none'", 'frame-ancestors': "'none'" };

/** Headers of every response: what it is, is what its type says, and only pages of this origin may embed it. */
export const RESPONSE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};
