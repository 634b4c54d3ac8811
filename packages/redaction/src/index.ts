export { type Finding, REDACTION_KINDS, type RedactionKind } from './finding.ts';
export { PHONE_REGIONS } from './phone-regions.ts';
export { createRedact, type Redact, type Redaction } from './redact.ts';
