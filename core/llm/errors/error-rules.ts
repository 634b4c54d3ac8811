import type { ModelErrorCode } from '../../domain/vocabulary.ts';

/**
 * Codes and types that identify a fault on their own: OpenAI's and OpenRouter's error codes, Google's (gRPC) status names,
 * Anthropic's and LiteLLM's error types, Node's and undici's error codes. Compared in lower case.
 */
const CODES: Record<string, ModelErrorCode> = {
  insufficient_quota: 'QUOTA_EXCEEDED',
  billing_hard_limit_reached: 'QUOTA_EXCEEDED',
  billing_not_active: 'QUOTA_EXCEEDED',
  billing_error: 'QUOTA_EXCEEDED',
  insufficient_credits: 'QUOTA_EXCEEDED',
  budget_exceeded: 'QUOTA_EXCEEDED',
  rate_limit_exceeded: 'RATE_LIMITED',
  rate_limit_error: 'RATE_LIMITED',
  resource_exhausted: 'RATE_LIMITED',
  model_not_found: 'MODEL_NOT_FOUND',
  not_found_error: 'MODEL_NOT_FOUND',
  not_found: 'MODEL_NOT_FOUND',
  invalid_api_key: 'PERMISSION_DENIED',
  authentication_error: 'PERMISSION_DENIED',
  permission_error: 'PERMISSION_DENIED',
  permission_denied: 'PERMISSION_DENIED',
  unauthenticated: 'PERMISSION_DENIED',
  content_filter: 'CONTENT_BLOCKED',
  context_length_exceeded: 'CONTEXT_TOO_LONG',
  string_above_max_length: 'CONTEXT_TOO_LONG',
  exceed_context_size_error: 'CONTEXT_TOO_LONG',
  content_policy_violation: 'CONTENT_BLOCKED',
  responsibleaipolicyviolation: 'CONTENT_BLOCKED',
  overloaded_error: 'SERVICE_UNAVAILABLE',
  engine_overloaded: 'SERVICE_UNAVAILABLE',
  api_key_invalid: 'PERMISSION_DENIED',
  econnrefused: 'SERVICE_UNAVAILABLE',
  econnreset: 'SERVICE_UNAVAILABLE',
  enotfound: 'SERVICE_UNAVAILABLE',
  eai_again: 'SERVICE_UNAVAILABLE',
  ehostunreach: 'SERVICE_UNAVAILABLE',
  enetunreach: 'SERVICE_UNAVAILABLE',
  epipe: 'SERVICE_UNAVAILABLE',
  und_err_socket: 'SERVICE_UNAVAILABLE',
  deadline_exceeded: 'TIMEOUT',
  timeout_error: 'TIMEOUT',
  etimedout: 'TIMEOUT',
  und_err_connect_timeout: 'TIMEOUT',
  und_err_headers_timeout: 'TIMEOUT',
  und_err_body_timeout: 'TIMEOUT',
};

/** Codes that count only if nothing else identifies the fault: servers send them with any status. */
const VAGUE_CODES: ReadonlySet<string> = new Set(['server_error', 'api_error', 'unavailable', 'internal']);

/** Phrases of OpenAI and compatible servers, then of vLLM, SGLang, LM Studio, Anthropic, xAI, Hugging Face and LiteLLM. */
const TOO_LONG = new RegExp(
  [
    'maximum context length',
    'context (?:length|window|size)\\b.{0,80}\\b(?:exceed|too (?:long|large|small))',
    'exceed(?:s|ed)?\\b.{0,80}\\bcontext (?:length|window|size|limit)',
    '(?:prompt|input) (?:is )?too (?:long|large)|(?:prompt|input) length.{0,80}(?:exceeds|too long|maximum)',
    'input token count.{0,80}exceeds|request too large|too many tokens|prompt contains \\d+ tokens',
    "(?:greater|longer|larger) than the (?:maximum |model's )*(?:context|model) (?:length|window|size)",
    'reached context length|context length of only \\d+ tokens',
    'maximum prompt length|`inputs` tokens|ContextWindowExceeded',
  ].join('|'),
  'i',
);

/** Phrases in messages, the more specific first: a filter's message may mention a limit, but hardly the reverse. */
const PHRASES: readonly (readonly [RegExp, ModelErrorCode])[] = [
  [
    /\bsafety\b|content[ _-]?(?:filter|policy|management)|\bmoderation\b|\bflagged\b|PROHIBITED_CONTENT/i,
    'CONTENT_BLOCKED',
  ],
  [TOO_LONG, 'CONTEXT_TOO_LONG'],
  [/RESOURCE_EXHAUSTED|resource has been exhausted|rate.?limit|too many requests|\bthrottl/i, 'RATE_LIMITED'],
  [/\bbilling\b|\bpayment\b|quota|insufficient (?:credit|balance|fund)|credit balance/i, 'QUOTA_EXCEEDED'],
  [
    /\bmodel\b.{0,120}\bnot (?:found|exist|available)|does not exist|(?:unknown|invalid|no such) model|not a valid model|no endpoints found/i,
    'MODEL_NOT_FOUND',
  ],
  [
    /\bapi[ _-]?key\b|unauthori[sz]ed|unauthenticated|permission[ _]denied|\bforbidden\b/i,
    'PERMISSION_DENIED',
  ],
  [/\btime(?:d)?[ -]?out\b|DEADLINE_EXCEEDED|deadline exceeded/i, 'TIMEOUT'],
  [
    /overloaded|ECONNREFUSED|ENOTFOUND|ECONNRESET|EAI_AGAIN|socket hang ?up|other side closed|^terminated$|connection (?:error|refused|reset|closed)|fetch failed|(?:service|temporarily) unavailable|bad gateway|internal (?:server )?error/i,
    'SERVICE_UNAVAILABLE',
  ],
];

/** Phrases for a limit that passes by itself, in messages that mention a quota. */
const PASSING =
  /per[ -](?:minute|second|hour)|\b[rt]pm\b|(?:retry|try again) (?:in|after)|retryDelay|rate.?limit|too many requests/i;
/** Phrases for a daily limit: Gemini's quota ids, Groq's and OpenRouter's phrases. */
const DAILY = /per[ _-]?day|\bdaily\b|\b[rt]pd\b/i;
/** Phrases for an account without credit. */
const RUN_DRY =
  /billing|payment|exceeded your (?:current |monthly )?quota|credit balance|\bper[ -]?(?:day|month)\b/i;

/** A status in a message counts only if the message marks it as one: "took 500 tokens" does not. */
const STATUS_IN_PROSE =
  /\b(?:status(?: code)?|http(?:\/\d(?:\.\d)?)?|error code|code|error)["']?\s*[:=]?\s*[[(]?([45]\d\d)\b(?![.,]?\d|[\s-]*(?:tokens?|words?|char|ms\b|milli|s\b|sec|items?|bytes?|requests?|%))|^[[(]?([45]\d\d)[\])]?(?:$|:|\s+(?:status code|too many|payment|not found|unauthori|forbidden|internal|bad gateway|service|gateway|request timeout))/i;

/** The fault that an error code of a provider or of Node identifies. */
export function codeNamed(name: string): ModelErrorCode | undefined {
  return CODES[name.toLowerCase()];
}

/** The fault that a code suggests, for use if neither the status nor the message says more. */
export function codeHinted(name: string): ModelErrorCode | undefined {
  return VAGUE_CODES.has(name.toLowerCase()) ? 'SERVICE_UNAVAILABLE' : undefined;
}

/** The fault of an HTTP status, with the message if the status alone is ambiguous; undefined for other 4xx. */
export function codeOfStatus(status: number, message: string): ModelErrorCode | undefined {
  if (status === 402) return 'QUOTA_EXCEEDED';
  if (status === 429) return codeOfLimit(message);
  if (status === 404) return 'MODEL_NOT_FOUND';
  if (status === 401) return 'PERMISSION_DENIED';
  if (status === 403)
    return codeOfMessage(message) === 'CONTENT_BLOCKED' ? 'CONTENT_BLOCKED' : 'PERMISSION_DENIED';
  if (status === 408 || status === 504 || status === 524) return 'TIMEOUT';
  if (status >= 500 && status <= 599) return 'SERVICE_UNAVAILABLE';
  return undefined;
}

/**
 * The fault that the message of a 4xx identifies. A 4xx means that the request is wrong, so a message that mentions a limit
 * or a time does not make the fault transient.
 */
export function codeOfRefusal(message: string): ModelErrorCode | undefined {
  const code = PHRASES.find(([phrase, named]) => !PASSING_CODES.has(named) && phrase.test(message))?.[1];
  return code === 'QUOTA_EXCEEDED' ? (RUN_DRY.test(message) ? code : undefined) : code;
}

const PASSING_CODES: ReadonlySet<ModelErrorCode> = new Set([
  'RATE_LIMITED',
  'TIMEOUT',
  'SERVICE_UNAVAILABLE',
]);

/** Whether the prompt is longer than the model's context, or than the account's tokens per minute. Sent with any status. */
export function isTooLong(message: string): boolean {
  return TOO_LONG.test(message);
}

/**
 * Whether a model's template refused the order of the messages: llama.cpp answers 500, vLLM and LM Studio answer 400.
 * The phrases come from the templates of Mistral, Gemma, Llama 2 and Qwen, from Go's templates in Ollama, and from Gemini
 * and Anthropic.
 */
export function isTemplateFault(message: string): boolean {
  return TEMPLATE_FAULT.test(message);
}

/** Whether the code of Node or OpenSSL means a wrong address or certificate, which retries cannot fix. */
export function isAddressFault(code: string): boolean {
  return ADDRESS_FAULT.test(code);
}

const TEMPLATE_FAULT =
  /\bjinja|chat[ _]template|roles must alternate|system role not supported|system message must be|no user query found|after the optional system message|expected last role|contents (?:is|are) not specified|must end with a user message|assistant message prefill|\btemplate: .*\bexecuting\b/i;
const ADDRESS_FAULT =
  /^(?:ENOTFOUND|EPROTO|ERR_(?:TLS|SSL|OSSL|INVALID_URL|INVALID_PROTOCOL)|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/** The fault that a message identifies. */
export function codeOfMessage(message: string): ModelErrorCode | undefined {
  const code = PHRASES.find(([phrase]) => phrase.test(message))?.[1];
  if (code === 'RATE_LIMITED' || code === 'QUOTA_EXCEEDED') return codeOfLimit(message);
  if (code) return code;
  const status = STATUS_IN_PROSE.exec(message);
  return status ? codeOfStatus(Number(status[1] ?? status[2]), message) : undefined;
}

/** Providers answer 429 for too many requests and for missing credit; waiting helps only against the first. */
export function codeOfLimit(message: string): 'RATE_LIMITED' | 'QUOTA_EXCEEDED' {
  if (/insufficient/i.test(message) || DAILY.test(message)) return 'QUOTA_EXCEEDED';
  if (PASSING.test(message)) return 'RATE_LIMITED';
  if (RUN_DRY.test(message)) return 'QUOTA_EXCEEDED';
  return /quota/i.test(message) && !/exhausted/i.test(message) ? 'QUOTA_EXCEEDED' : 'RATE_LIMITED';
}
