/** Texts of one language. Values to find are marked as in `marked.ts`, harmless ones as in `harmless.ts`. */
export interface LanguageTexts {
  readonly positives: readonly string[];
  readonly negatives: readonly string[];
}
