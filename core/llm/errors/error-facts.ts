import type { HeaderSource } from './retry-after.ts';

/** What an unknown error and its causes contain. */
export interface ErrorFacts {
  /** The error's message, then what its causes and the upstream provider add. */
  message: string;
  /** Strings that may name the fault: `code`, `type`, `status` of the error, of its body and of its causes. */
  codes: readonly string[];
  names: readonly string[];
  /** An HTTP status, from the response or from an error object in a stream. */
  status: number | undefined;
  headers: HeaderSource | undefined;
  /** Whether moderation blocked the request: OpenRouter puts the reasons in the error's metadata. */
  moderated: boolean;
}

/**
 * Reads an error of any kind: an Error, or a body of a model server: `{ error: {…} }` or the object inside it (OpenAI), a
 * list of them (Gemini), `{ error: "…" }` (Ollama), flat fields (Mistral, older vLLM), `{ detail: … }` (FastAPI), a string.
 */
export function errorFacts(error: unknown): ErrorFacts {
  const messages: string[] = [];
  const codes: string[] = [];
  const names: string[] = [];
  let status: number | undefined;
  let headers: HeaderSource | undefined;
  let moderated = false;
  for (const layer of layersOf(error)) {
    for (const text of TEXTS.map((field) => layer[field])) {
      if (typeof text === 'string' && text && !messages.some((said) => said.includes(text)))
        messages.push(text);
    }
    if (typeof layer.name === 'string') names.push(layer.name);
    for (const code of [layer.code, layer.type, layer.status, layer.reason])
      if (typeof code === 'string') codes.push(code);
    status ??= [layer.status, layer.statusCode, layer.status_code, layer.code]
      .map(asStatus)
      .find((value) => value !== undefined);
    if (isHeaderSource(layer.headers)) headers ??= layer.headers;
    moderated ||= Array.isArray(layer.reasons) && layer.reasons.length > 0;
  }
  return { message: messages.join(': ') || bodyOf(error), codes, names, status, headers, moderated };
}

/** Fields with text: most servers; FastAPI's validation; some gateways; OpenRouter's upstream provider; Gemini's quotas. */
const TEXTS = ['message', 'msg', 'error_msg', 'error_description', 'raw', 'quotaId'] as const;
/** Fields that may hold a nested error. A string in them is a message. */
const INNER = [
  'body',
  'error',
  'errors',
  'detail',
  'message',
  'metadata',
  'details',
  'violations',
  'cause',
] as const;

/** The whole body as JSON, for a body without a known text field, so that its text reaches the log in any case. */
function bodyOf(error: unknown): string {
  const body = typeof error === 'object' && error !== null && 'body' in error ? error.body : undefined;
  const isSaying = typeof body === 'object' && body !== null && Object.keys(body).length > 0;
  return isSaying ? JSON.stringify(body) : '';
}

const DEEPEST = 10;
/** At most this many errors of a list are read. */
const WIDEST = 10;

/** Yields the error, its JSON body, the metadata in the body, then its cause, and so on. */
function* layersOf(error: unknown, depth = 0): Generator<Record<string, unknown>> {
  if (depth > DEEPEST) return;
  if (typeof error === 'string') yield { message: withoutMarkup(error) };
  if (Array.isArray(error)) for (const one of error.slice(0, WIDEST)) yield* layersOf(one, depth + 1);
  if (typeof error !== 'object' || error === null || Array.isArray(error)) return;
  const layer: Record<string, unknown> = { ...error, ...named(error) };
  yield layer;
  for (const field of INNER) {
    const inner = layer[field];
    if (typeof inner === 'object' || (field !== 'message' && field !== 'metadata'))
      yield* layersOf(inner, depth + 1);
  }
}

/** The fields of an Error that spreading omits: message and cause are not enumerable, name is inherited. */
function named(error: object): Record<string, unknown> {
  if (!(error instanceof Error)) return {};
  return { name: error.name, message: error.message, cause: error.cause };
}

/** The text of a proxy's HTML page. */
function withoutMarkup(text: string): string {
  return /^\s*</.test(text) ? text.replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/gi, ' ').trim() : text;
}

function asStatus(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^[45]\d\d$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && status >= 400 && status <= 599 ? status : undefined;
}

function isHeaderSource(value: unknown): value is HeaderSource {
  return typeof value === 'object' && value !== null && 'get' in value && typeof value.get === 'function';
}
