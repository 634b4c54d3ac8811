/**
 * Removes keys from a text for a log: `sk-…` and similar keys by their prefixes, the value after `Bearer` or `key=`, and
 * `secrets` wherever they occur: the key of a custom server has no known form.
 */
export function redactKeys(text: string, secrets: readonly string[] = []): string {
  let known = text;
  for (const secret of secrets) if (secret.length >= 4) known = known.replaceAll(secret, REDACTED);
  return known
    .replace(BEARER, `$1${REDACTED}`)
    .replace(ASSIGNED, `$1${REDACTED}`)
    .replace(PREFIXED, REDACTED);
}

const REDACTED = '[redacted]';
const BEARER = /(\bbearer\s+)(?!\[redacted\])[^\s"',;]+/gi;
const ASSIGNED = /((?:\bx-goog-)?\bapi[-_]?key["']?\s*[:=]\s*["']?|[?&]key=)(?!\[redacted\])[^\s"'&,;]+/gi;
/** OpenAI, OpenRouter, DeepSeek, Anthropic (sk-), Groq (gsk_), xAI (xai-), Hugging Face (hf_), Replicate (r8_), Google (AIza). */
const PREFIXED = /\b(?:sk-[\w*.-]{4,}|gsk_\w{8,}|xai-\w{8,}|hf_\w{8,}|r8_\w{8,}|AIza[\w-]{16,})/g;
