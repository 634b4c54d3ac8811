/**
 * Whether an `Accept` header accepts one of these media types (RFC 9110, 12.5.1): the most specific range that matches a
 * type decides, and `q=0` refuses it. Without the header everything is accepted. A range with another charset than UTF-8
 * accepts nothing, as in Yoga, which chooses among the accepted types.
 */
export function accepts(header: string | null | undefined, types: readonly string[]): boolean {
  const ranges = rangesOf(header);
  return types.some((type) => {
    const all = ['*/*', type.replace(/\/.*/, '/*'), type];
    const matches = ranges.filter(({ range, isUtf8 }) => isUtf8 && all.includes(range));
    return (matches.sort((a, b) => all.indexOf(b.range) - all.indexOf(a.range))[0]?.quality ?? 0) > 0;
  });
}

export interface MediaRange {
  /** Such as `text/*`, in lower case. */
  range: string;
  /** From 0, which refuses, to 1. */
  quality: number;
  isUtf8: boolean;
  /** In lower case, without quotes. */
  parameters: ReadonlyMap<string, string>;
}

/** The ranges of an `Accept` header, in its order. */
export function rangesOf(header: string | null | undefined): MediaRange[] {
  return (header?.trim() || '*/*').toLowerCase().split(',').map(rangeOf);
}

function rangeOf(text: string): MediaRange {
  const [range = '', ...parameters] = text.replace(/[\s"]/g, '').split(';');
  const values = new Map(parameters.map((one) => one.split('=', 2) as [string, string]));
  const quality = Number(values.get('q') ?? 1);
  return { range, quality, isUtf8: (values.get('charset') ?? 'utf-8') === 'utf-8', parameters: values };
}
