/** The kinds of redacted values, the most certain first: of two overlapping findings the more certain one is kept. */
export const REDACTION_KINDS = [
  'PRIVATE_KEY',
  'API_KEY',
  'JWT',
  'IBAN',
  'GSTIN',
  'AADHAAR_VID',
  'CREDIT_CARD',
  'AADHAAR',
  'EMAIL',
  'PAN',
  'UPI_ID',
  'INDIAN_PASSPORT',
  'US_SSN',
  'IP_ADDRESS',
  'PHONE',
  'BEARER_TOKEN',
] as const;

export type RedactionKind = (typeof REDACTION_KINDS)[number];

/** A range of a text, as offsets; `end` is exclusive. */
export interface Finding {
  readonly kind: RedactionKind;
  readonly start: number;
  readonly end: number;
}
