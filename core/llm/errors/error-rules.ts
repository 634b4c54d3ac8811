import type { ModelErrorCode } from '../../domain/vocabulary.ts';

/**
 * Codes and types that name one fault whatever else is said: OpenAI's and OpenRouter's error codes, Google's (gRPC) status names,
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

/** Codes that name a fault only where nothing else does: servers give them beside statuses of every kind. */
const VAGUE_CODES: ReadonlySet<string> = new Set(['server_error', 'api_error', 'unavailable', 'internal']);

/** OpenAI's words and its followers', then those of vLLM, SGLang and LM Studio, Anthropic, xAI, Hugging Face's server and LiteLLM. */
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

/** What people are told in prose, the more particular first: a filter's message may well mention a limit, hardly the reverse. */
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

/** Said of a limit that passes by itself, in words that otherwise speak of a quota. */
const PASSING =
  /per[ -](?:minute|second|hour)|\b[rt]pm\b|(?:retry|try again) (?:in|after)|retryDelay|rate.?limit|too many requests/i;
/** Said of a limit that passes by itself, but on another day: Gemini's quota ids, Groq's and OpenRouter's words. */
const DAILY = /per[ _-]?day|\bdaily\b|\b[rt]pd\b/i;
/** Said of an account that has run dry. */
const RUN_DRY =
  /billing|payment|exceeded your (?:current |monthly )?quota|credit balance|\bper[ -]?(?:day|month)\b/i;

/** A status is read from prose only where prose says that it is one: "took 500 tokens" is none. */
const STATUS_IN_PROSE =
  /\b(?:status(?: code)?|http(?:\/\d(?:\.\d)?)?|error code|code|error)["']?\s*[:=]?\s*[[(]?([45]\d\d)\b(?![.,]?\d|[\s-]*(?:tokens?|words?|char|ms\b|milli|s\b|sec|items?|bytes?|requests?|%))|^[[(]?([45]\d\d)[\])]?(?:$|:|\s+(?:status code|too many|payment|not found|unauthori|forbidden|internal|bad gateway|service|gateway|request timeout))/i;

/** The fault that a provider's or Node's error code names. */
export function codeNamed(name: string): ModelErrorCode | undefined {
  return CODES[name.toLowerCase()];
}

/** The fault that a code hints at, where neither status nor prose says more. */
export function codeHinted(name: string): ModelErrorCode | undefined {
  return VAGUE_CODES.has(name.toLowerCase()) ? 'SERVICE_UNAVAILABLE' : undefined;
}

/** The fault that an HTTP status tells, with the message where the status alone is ambiguous; undefined for other 4xx. */
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
 * What a refusal by status says in prose. A 4xx says that the request is wrong: that it mentions a limit or a time does not
 * make it one that passes.
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

/** Whether what was asked is longer than the model takes, or than the account may ask in a minute. Said with any status. */
export function isTooLong(message: string): boolean {
  return TOO_LONG.test(message);
}

/**
 * Whether a model's template refused the order of the messages: llama.cpp says so with a 500, vLLM and LM Studio with a 400.
 * The phrases are those that the templates of Mistral, Gemma, Llama 2 and Qwen raise, those of Go's templates in Ollama, and Gemini's and
 * Anthropic's own.
 */
export function isTemplateFault(message: string): boolean {
  return TEMPLATE_FAULT.test(message);
}

/** Whether Node's or OpenSSL's code says that the address or its certificate is wrong: time does not mend it. */
export function isAddressFault(code: string): boolean {
  return ADDRESS_FAULT.test(code);
}

const TEMPLATE_FAULT =
  /\bjinja|chat[ _]template|roles must alternate|system role not supported|system message must be|no user query found|after the optional system message|expected last role|contents (?:is|are) not specified|must end with a user message|assistant message prefill|\btemplate: .*\bexecuting\b/i;
const ADDRESS_FAULT =
  /^(?:ENOTFOUND|EPROTO|ERR_(?:TLS|SSL|OSSL|INVALID_URL|INVALID_PROTOCOL)|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/;

/** The fault that a message tells in prose. */
export function codeOfMessage(message: string): ModelErrorCode | undefined {
  const code = PHRASES.find(([phrase]) => phrase.test(message))?.[1];
  if (code === 'RATE_LIMITED' || code === 'QUOTA_EXCEEDED') return codeOfLimit(message);
  if (code) return code;
  const status = STATUS_IN_PROSE.exec(message);
  return status ? codeOfStatus(Number(status[1] ?? status[2]), message) : undefined;
}

/** Providers answer 429 both when one is too fast and when the money is gone; only the first is mended by waiting. */
export function codeOfLimit(message: string): 'RATE_LIMITED' | 'QUOTA_EXCEEDED' {
  if (/insufficient/i.test(message) || DAILY.test(message)) return 'QUOTA_EXCEEDED';
  if (PASSING.test(message)) return 'RATE_LIMITED';
  if (RUN_DRY.test(message)) return 'QUOTA_EXCEEDED';
  return /quota/i.test(message) && !/exhausted/i.test(message) ? 'QUOTA_EXCEEDED' : 'RATE_LIMITED';
}
