/** What is taken out, by its label; first what a finder is most certain of: of two that overlap the more certain stands. */
export const REDACTION_KINDS = [
  'PRIVATE_KEY',
  'API_KEY',
  'JWT',
  'IBAN',
  'CREDIT_CARD',
  'AADHAAR',
  'EMAIL',
  'PAN',
  'IP_ADDRESS',
  'PHONE',
  'BEARER_TOKEN',
] as const;

export type RedactionKind = (typeof REDACTION_KINDS)[number];

/** A stretch of a text, as offsets into it; `end` is exclusive. */
export interface Finding {
  readonly kind: RedactionKind;
  readonly start: number;
  readonly end: number;
}
