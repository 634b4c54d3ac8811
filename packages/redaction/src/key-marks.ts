/**
 * Keys by their makers' marks, from the makers' documentation and the rules of gitleaks. A name with an underscore may
 * precede a key; letters, digits and dashes may not. No key or token is longer than 16,384 characters: without a limit V8
 * runs out of stack in a text of millions of characters.
 */
export const KEYS: readonly RegExp[] = [
  // Stripe, also its publishable keys.
  /(?<![A-Za-z0-9-])(?:sk|rk|pk)_(?:live|test)_\w{10,16384}/g,
  /(?<![A-Za-z0-9-])whsec_[\w+/=]{20,16384}/g,
  // GitHub and GitLab.
  /(?<![A-Za-z0-9-])(?:gh[pousr]_\w{20,16384}|github_pat_\w{20,16384}|gl(?:pat|dt|rt|soat)-[\w-]{16,16384})/g,
  // Amazon: ids of keys.
  /(?<![A-Za-z0-9-])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![\w-])/g,
  // Google: API keys, OAuth tokens and client secrets.
  /(?<![A-Za-z0-9-])(?:AIza[\w-]{30,16384}|ya29\.[\w-]{16,16384}|GOCSPX-[\w-]{20,16384})/g,
  // Slack and Discord, also the webhook URLs, which allow anybody to write.
  /(?<![A-Za-z0-9-])(?:xox[abeoprs]-[\w-]{10,16384}|xapp-\d-[\w-]{10,16384})/g,
  /hooks\.slack\.com\/services\/T\w{1,20}\/B\w{1,20}\/\w{16,16384}/g,
  /(?<![A-Za-z0-9-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,16384}/g,
  /discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,16384}/g,
  // Hugging Face, Groq, Replicate, Perplexity, xAI.
  /(?<![A-Za-z0-9-])(?:(?:hf|gsk|r8)_[A-Za-z0-9]{16,16384}|pplx-[A-Za-z0-9]{16,16384}|xai-[\w-]{16,16384})/g,
  // SendGrid, Mailgun, Twilio.
  /(?<![A-Za-z0-9-])(?:SG\.[\w-]{16,16384}\.[\w-]{16,16384}|key-[0-9a-f]{32}(?!\w)|SK[0-9a-f]{32}(?!\w))/g,
  // npm, PyPI, DigitalOcean, Shopify.
  /(?<![A-Za-z0-9-])(?:npm_[A-Za-z0-9]{30,16384}|pypi-[\w-]{30,16384}|do[opr]_v1_[0-9a-f]{32,16384}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32})/g,
  // Databricks, Linear, Notion, Postman, Vault.
  /(?<![A-Za-z0-9-])(?:dapi[0-9a-f]{32}(?!\w)|lin_api_\w{30,16384}|ntn_\w{30,16384}|PMAK-[\w-]{30,16384}|hv[sb]\.[\w-]{20,16384})/g,
  // Grafana, Figma, Sentry, Atlassian.
  /(?<![A-Za-z0-9-])(?:glsa_\w{20,16384}|figd_[\w-]{20,16384}|sntrys_[\w+/=-]{20,16384}|ATATT3[\w=-]{20,16384})/g,
  // Telegram's bots.
  /(?<![A-Za-z0-9-])\d{8,10}:AA[\w-]{33}(?![\w-])/g,
];

/**
 * OpenAI, Anthropic, OpenRouter, DeepSeek and others with their form; NVIDIA, Tavily, Cerebras. Names of styles and files
 * have the same form, so a key must also have letters next to digits.
 */
export const DASHED_KEY = /(?<![A-Za-z0-9-])(?:sk|csk|tvly|nvapi)-[\w-]{16,16384}/g;
export const isMixed = (key: string) => /[A-Za-z_]\d|\d[A-Za-z_]/.test(key);
