import type { Finding } from './finding.ts';

/**
 * Keys by the marks that their makers give them so that they can be found, as the makers' documentation and the rules of
 * gitleaks have them.
 */
const KEYS: readonly RegExp[] = [
  // OpenAI, Anthropic, OpenRouter, DeepSeek, and those who do as they do.
  /(?<![\w-])sk-[\w-]{16,}/g,
  // Stripe; its publishable keys too.
  /(?<![\w-])(?:sk|rk|pk)_(?:live|test)_\w{10,}/g,
  /(?<![\w-])whsec_[\w+/=]{20,}/g,
  // GitHub and GitLab.
  /(?<![\w-])(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|gl(?:pat|dt|rt|soat)-[\w-]{16,})/g,
  // Amazon: the id of a key.
  /(?<![\w-])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![\w-])/g,
  // Google: API keys, OAuth tokens and client secrets.
  /(?<![\w-])(?:AIza[\w-]{30,}|ya29\.[\w-]{16,}|GOCSPX-[\w-]{20,})/g,
  // Slack.
  /(?<![\w-])(?:xox[abeoprs]-[\w-]{10,}|xapp-\d-[\w-]{10,})/g,
  /hooks\.slack\.com\/services\/T\w+\/B\w+\/\w{16,}/g,
  // Hugging Face, Groq, xAI, Replicate, Perplexity.
  /(?<![\w-])(?:hf_\w{16,}|gsk_\w{16,}|xai-[\w-]{16,}|r8_\w{16,}|pplx-\w{16,})/g,
  // SendGrid, Mailgun, Twilio.
  /(?<![\w-])(?:SG\.[\w-]{16,}\.[\w-]{16,}|key-[0-9a-f]{32}(?!\w)|SK[0-9a-f]{32}(?!\w))/g,
  // npm, PyPI, DigitalOcean, Shopify, Databricks, Linear, Notion, Postman, Vault.
  /(?<![\w-])(?:npm_\w{30,}|pypi-[\w-]{30,}|do[opr]_v1_[0-9a-f]{32,}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32})/g,
  /(?<![\w-])(?:dapi[0-9a-f]{32}(?!\w)|lin_api_\w{30,}|ntn_\w{30,}|PMAK-[\w-]{30,}|hv[sb]\.[\w-]{20,})/g,
  // Telegram's bots.
  /(?<![\w-])\d{8,10}:AA[\w-]{33}(?![\w-])/g,
];

/** What is called a key, a secret or a password where a value is given to it. The value alone is taken. */
const GIVEN =
  /(?:api[_-]?key|apikey|secret[_-]?(?:access[_-]?)?key|client[_-]?secret|access[_-]?token|auth[_-]?token|refresh[_-]?token|private[_-]?key|password|passwd)["']?\s{0,3}(?:=|:|=>)\s{0,3}["']?(?=([^\s"'`,;&<>(){}[\]]{8,200}))/gi;

const JWT = /(?<![\w-])eyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*/g;
const BEARER = /\bbearer\s{1,3}(?=([\w.~+/-]{12,}=*))/gi;
/** A word is no token. */
const TOKEN_LIKE = /\d/;

/** Keys and tokens of the well-known kinds. */
export function* findSecrets(text: string): Generator<Finding> {
  for (const key of KEYS)
    for (const { index, 0: found } of text.matchAll(key))
      yield { kind: 'API_KEY', start: index, end: index + found.length };
  for (const { index, 0: name, 1: value = '' } of text.matchAll(GIVEN))
    if (TOKEN_LIKE.test(value))
      yield { kind: 'API_KEY', start: index + name.length, end: index + name.length + value.length };
  for (const { index, 0: found } of text.matchAll(JWT))
    yield { kind: 'JWT', start: index, end: index + found.length };
  for (const { index, 0: word, 1: token = '' } of text.matchAll(BEARER))
    if (TOKEN_LIKE.test(token))
      yield { kind: 'BEARER_TOKEN', start: index + word.length, end: index + word.length + token.length };
  yield* findPrivateKeys(text);
}

const KEY_BEGINS = /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_ENDS = '-----END ';
const LONGEST_KEY = 16_384;

/** PEM blocks. One whose end is missing goes on as long as such a key may be. */
function* findPrivateKeys(text: string): Generator<Finding> {
  let free = 0;
  for (const { index: start, 0: head } of text.matchAll(KEY_BEGINS)) {
    if (start < free) continue;
    const body = start + head.length;
    const block = text.slice(body, body + LONGEST_KEY);
    const ending = block.indexOf(KEY_ENDS);
    const end = ending === -1 ? body + block.length : endOfLine(text, body + ending);
    yield { kind: 'PRIVATE_KEY', start, end };
    free = end;
  }
}

function endOfLine(text: string, from: number): number {
  const line = text.slice(from, from + 80);
  const close = line.indexOf('-----', KEY_ENDS.length);
  return from + (close === -1 ? line.length : close + '-----'.length);
}
