/** The media types of a result that is no stream. */
const JSON_TYPES: readonly string[] = ['application/graphql-response+json', 'application/json'];

/**
 * The media type of a result for a caller that sends this `Accept`, as Yoga chooses it: the first that the header names. Null:
 * it names none, or depends on more than the order.
 */
export function jsonTypeFor(accept = '*/*'): string | null {
  for (const range of accept.replace(/\s/g, '').toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';');
    const isAny = type === '*/*' || type === 'application/*';
    if (!isAny && !JSON_TYPES.includes(type)) continue;
    if (!parameters.every((one) => /^q=(?:1|0?\.\d*[1-9]\d*)$/.test(one))) return null;
    return isAny ? 'application/json' : type;
  }
  return null;
}
