/** The encodings in which answers are kept or made, the smaller first. */
const ENCODINGS = ['br', 'gzip'] as const;

type Encoding = (typeof ENCODINGS)[number];

/**
 * Which of {@link ENCODINGS} an `Accept-Encoding` header accepts (RFC 9110, 12.5.3): `q=0` refuses one, and a `*` means those
 * that are not named. Without the header none is used.
 */
export function acceptedEncodings(header: string | string[] | undefined): Encoding[] {
  const qualities = new Map(
    (header ?? '')
      .toString()
      .toLowerCase()
      .replace(/\s/g, '')
      .split(',')
      .map((one) => {
        const [coding = '', quality = 'q=1'] = one.split(';');
        return [coding, Number(quality.replace('q=', ''))];
      }),
  );
  return ENCODINGS.filter((one) => (qualities.get(one) ?? qualities.get('*') ?? 0) > 0);
}
