import type { HeaderSource } from './retry-after.ts';

/** What an unknown error says of itself, down its causes. */
export interface ErrorFacts {
  /** Of the error, then what its causes and the provider behind the provider add. */
  message: string;
  /** Strings that may name the fault: `code`, `type`, `status` of the error, of its body and of its causes. */
  codes: readonly string[];
  names: readonly string[];
  /** An HTTP status, from the response or from an error object in a stream. */
  status: number | undefined;
  headers: HeaderSource | undefined;
  /** OpenRouter's moderation says its reasons in the error's metadata. */
  moderated: boolean;
}

/**
 * Reads an error of any kind: Errors, and the bodies that servers of models answer with: `{ error: {…} }` or its inside (OpenAI), a
 * list of them (Gemini), `{ error: "…" }` (Ollama), flat (Mistral, older vLLM), `{ detail: … }` (FastAPI), a string.
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

/** Fields that hold words: of most, of FastAPI's validation, of some gateways, of OpenRouter's provider, of Gemini's quotas. */
const TEXTS = ['message', 'msg', 'error_msg', 'error_description', 'raw', 'quotaId'] as const;
/** Fields that may hold more of the error. One that is a string is a message. */
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

/** A body in which no field is known to hold words: all of it, so that they reach the log whatever its form. */
function bodyOf(error: unknown): string {
  const body = typeof error === 'object' && error !== null && 'body' in error ? error.body : undefined;
  const isSaying = typeof body === 'object' && body !== null && Object.keys(body).length > 0;
  return isSaying ? JSON.stringify(body) : '';
}

const DEEPEST = 10;
/** Of a list; a body with more errors than this has said enough. */
const WIDEST = 10;

/** The error, the JSON body it carries, the metadata in that, then its cause, and so on. */
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

/** What spreading does not see: an Error's message and cause are not enumerable, its name is inherited. */
function named(error: object): Record<string, unknown> {
  if (!(error instanceof Error)) return {};
  return { name: error.name, message: error.message, cause: error.cause };
}

/** A proxy's page, as the words on it. */
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
